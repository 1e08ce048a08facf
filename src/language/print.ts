import { tokenize } from './lexer';
import { type ArgumentPart, groupLabel, type Part, pageLabel } from './syntax';
import type { Block, Document, NumberNode, Span, Statement } from './tree';

/**
 * Canonical text: one statement a line, those of a block indented, one space between words, options in the
 * table's order. Numbers stay as they were written, comments and single blank lines stay where they were. What
 * cannot be parsed is printed as it is.
 */

const TIGHT_BEFORE = new Set([')', ',', '..']);
const TIGHT_BEHIND = new Set(['(', '..']);

/** Arithmetic or an outcome on one line, without the comments inside: one space between tokens where one belongs. */
function tokensText(text: string): string {
  let printed = '';
  let before = '(';
  for (const { kind, start, end } of tokenize(text).tokens) {
    if (kind === 'end') break;
    const token = text.slice(start, end);
    printed += TIGHT_BEFORE.has(token) || TIGHT_BEHIND.has(before) ? token : ` ${token}`;
    before = token;
  }
  return printed;
}

/** The size that a range says, behind the argument that it begins with. */
function rangeEnd({ numbers }: Statement, part: ArgumentPart): NumberNode | null {
  const size = numbers.size;
  return size?.endsRange === true && pageLabel(part) !== null && part.role !== 'size' ? size : null;
}

function argumentText(statement: Statement, part: ArgumentPart): string[] {
  const name = statement.names[part.name];
  if (name !== undefined) {
    const text = part.role === 'title' ? `"${name.text}"` : name.text;
    return part.label === null ? [text] : [part.label, text];
  }
  const number = statement.numbers[part.name]!;
  if (number.endsRange) return [];
  const end = rangeEnd(statement, part);
  const text = tokensText(number.text) + (end === null ? '' : `..${tokensText(end.text)}`);
  const label = number.inPages ? pageLabel(part) : part.label;
  return label === null ? [text] : [label, text];
}

function partText(statement: Statement, part: Part): string[] {
  switch (part.kind) {
    case 'choice':
      return [statement.choices[part.name]!.text];
    case 'one-of': {
      const word = statement.choices[part.name]?.text;
      return word === undefined ? [] : [word];
    }
    case 'either': {
      const labelled = statement.numbers[part.labelled.name] !== undefined;
      return partText(statement, labelled ? part.labelled : part.bare);
    }
    case 'flag':
      return statement.flags[part.word] === undefined ? [] : [part.word];
    case 'argument':
      return argumentText(statement, part);
    case 'group': {
      if (part.repeated) {
        return statement.knobs.flatMap(({ knob, variant }) => [groupLabel(part), knob.text, variant!.text]);
      }
      const first = part.parts[0]!.name;
      const given = statement.numbers[first] ?? statement.names[first];
      return given === undefined ? [] : part.parts.flatMap((inner) => partText(statement, inner));
    }
  }
}

/** Canonical text of one well-formed statement, without what is expected of it. */
export function printStatement(statement: Statement): string {
  const parts: readonly Part[] = [...statement.spec.required, ...statement.spec.options];
  return [statement.keyword, ...parts.flatMap((part) => partText(statement, part))].join(' ');
}

/** The statement with what is expected of it, and of a `scenario` with its brace. */
function wholeStatement(text: string, statement: Statement): string {
  const { outcome, spec } = statement;
  const expected = outcome === null ? '' : ` ${tokensText(text.slice(outcome.span.start, outcome.span.end))}`;
  return `${printStatement(statement)}${expected}${spec.block === true ? ' {' : ''}`;
}

interface Item {
  readonly span: Span;
  readonly text: string;
  readonly kind: 'statement' | 'comment';
  /** Printed as it stands in the text, with its comments inside. */
  readonly verbatim: boolean;
}

function statementItem(document: Document, statement: Statement): Item {
  const { text, blocks } = document;
  if (!statement.wellFormed) return verbatimItem(text, statement.span);
  const block = blocks.find(({ header }) => header === statement);
  // A comment between the title and the brace belongs to the line.
  const span =
    block === undefined ? statement.span : { start: statement.span.start, end: block.body.start + 1 };
  return { span, text: wholeStatement(text, statement), kind: 'statement', verbatim: false };
}

function verbatimItem(text: string, span: Span): Item {
  return { span, text: text.slice(span.start, span.end), kind: 'statement', verbatim: true };
}

/** The brace that ends a block; null where it is missing. */
function closingItem({ text }: Document, { span, body }: Block): Item | null {
  const isClosed = text[span.end - 1] === '}' && body.end === span.end;
  if (!isClosed) return null;
  return { span: { start: span.end - 1, end: span.end }, text: '}', kind: 'statement', verbatim: false };
}

/** Everything that is printed, in the order of the text; comments inside a statement come before it. */
function itemsOf(document: Document): Item[] {
  const { text, statements, blocks, skipped, comments } = document;
  const printed = [
    ...statements.map((statement) => statementItem(document, statement)),
    ...blocks.map((block) => closingItem(document, block)).filter((item) => item !== null),
    ...skipped.map((span) => verbatimItem(text, span)),
  ].sort((a, b) => a.span.start - b.span.start);
  const items: Item[] = [];
  let next = 0;
  for (const item of printed) {
    for (; next < comments.length; next++) {
      const comment = comments[next]!;
      if (comment.span.start > item.span.end) break;
      if (item.verbatim && comment.span.start > item.span.start) continue;
      items.push({ ...comment, kind: 'comment', verbatim: true });
    }
    items.push(item);
  }
  for (const comment of comments.slice(next)) items.push({ ...comment, kind: 'comment', verbatim: true });
  return items;
}

/** What separates an item from the one before it, its indentation left out; a space keeps them on one line. */
function separator(between: string, before: Item, item: Item): string {
  const breaks = between.match(/\r\n|\r|\n/g)?.length ?? 0;
  if (item.kind === 'comment' && before.kind === 'statement' && breaks === 0) return ' ';
  return breaks > 1 ? '\n\n' : '\n';
}

/** Canonical text of a document; parsing it gives the same tree. */
export function print(document: Document): string {
  let output = '';
  let before: Item | null = null;
  let end = 0;
  const inBlock = ({ span }: Item) =>
    document.blocks.some(({ body }) => span.start > body.start && span.end < body.end);
  for (const item of itemsOf(document)) {
    const space = before === null ? '' : separator(document.text.slice(end, item.span.start), before, item);
    const indent = space !== ' ' && inBlock(item) ? '  ' : '';
    output += `${space}${indent}${item.text}`;
    before = item;
    end = Math.max(end, item.span.end);
  }
  return output === '' ? '' : `${output}\n`;
}
