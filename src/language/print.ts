import { groupLabel, type Part } from './syntax';
import type { Document, Span, Statement } from './tree';

/**
 * Canonical text: one statement a line, one space between words, options in the table's order.
 * Numbers stay as they were written, comments and single blank lines stay where they were. What
 * cannot be parsed is printed as it is.
 */

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
    case 'argument': {
      const text = (statement.numbers[part.name] ?? statement.names[part.name])!.text;
      return part.label === null ? [text] : [part.label, text];
    }
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

/** Canonical text of one well-formed statement. */
export function printStatement(statement: Statement): string {
  const parts: readonly Part[] = [...statement.spec.required, ...statement.spec.options];
  return [statement.keyword, ...parts.flatMap((part) => partText(statement, part))].join(' ');
}

interface Item {
  readonly span: Span;
  readonly text: string;
  readonly kind: 'statement' | 'comment';
}

function statementItem(text: string, statement: Statement): Item {
  // Only an outcome may keep a statement from being well formed without harm to the rest.
  const printed = statement.wellFormed
    ? printStatement(statement)
    : text.slice(statement.span.start, statement.span.end);
  return { span: statement.span, text: printed, kind: 'statement' };
}

/** Everything that is printed, in the order of the text; comments inside a statement come before it. */
function itemsOf(document: Document): Item[] {
  const { text } = document;
  const printed = [
    ...document.statements.map((statement) => statementItem(text, statement)),
    ...document.skipped.map(
      (span): Item => ({ span, text: text.slice(span.start, span.end), kind: 'statement' }),
    ),
  ].sort((a, b) => a.span.start - b.span.start);
  const items: Item[] = [];
  let next = 0;
  for (const item of printed) {
    const verbatim = item.text === text.slice(item.span.start, item.span.end);
    for (; next < document.comments.length; next++) {
      const comment = document.comments[next]!;
      if (comment.span.start > item.span.end) break;
      // Text that is printed as it is has its comments inside.
      if (verbatim && comment.span.start > item.span.start) continue;
      items.push({ ...comment, kind: 'comment' });
    }
    items.push(item);
  }
  for (const comment of document.comments.slice(next)) items.push({ ...comment, kind: 'comment' });
  return items;
}

/** What separates an item from the one before it. */
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
  for (const item of itemsOf(document)) {
    if (before !== null) output += separator(document.text.slice(end, item.span.start), before, item);
    output += item.text;
    before = item;
    end = Math.max(end, item.span.end);
  }
  return output === '' ? '' : `${output}\n`;
}
