import { elementAt, lastOf } from '../../simulator';
import { type Token, tokenize } from '../parse/lexer';
import { isClosed } from '../tree/blocks';
import type { Block, CommentNode, Document, Span, Statement } from '../tree/tree';
import { type Cell, cellsOf, tokensText } from './cells';

/** Splits a document into rows, in the order of the text: statements, comments and unparsed text. */

/** Expectations on one line, with the comment after them. */
export interface ExpectationLine {
  readonly text: string;
  readonly comment: string | null;
}

export interface Row {
  /** The text that the row replaces. Rows do not overlap, and there is only white space between them. */
  readonly span: Span;
  readonly kind: 'statement' | 'comment' | 'verbatim';
  /** Whether it is in a block, and so indented. */
  readonly inBlock: boolean;
  /** Comments from inside the statement, which are printed above it. */
  readonly above: readonly string[];
  /** A single cell if the row is not a statement. */
  readonly cells: readonly Cell[];
  /** Empty without expectations; several lines if they are broken after commas. */
  readonly outcome: readonly ExpectationLine[];
  /** The comment after the row. */
  readonly comment: string | null;
}

/** An item to print, before comments are assigned to rows. */
interface Item {
  readonly span: Span;
  /** Null for text that is printed unchanged. */
  readonly statement: Statement | null;
  readonly cells: readonly Cell[];
}

function text(content: string): readonly Cell[] {
  return [{ column: 'text', text: content }];
}

function verbatim(document: Document, span: Span): Item {
  return { span, statement: null, cells: text(document.text.slice(span.start, span.end)) };
}

/** A statement; the `scenario` of a block includes its brace. A statement with an error is printed unchanged. */
function statementItem(
  document: Document,
  statement: Statement,
  block: Block | undefined,
  hasError: boolean,
): Item {
  const { span, wellFormed, expectation } = statement;
  const opens = block !== undefined && document.text[block.body.start] === '{';
  const whole = opens ? { start: span.start, end: block.body.start + 1 } : span;
  if (hasError || !wellFormed || expectation?.wellFormed === false) return verbatim(document, whole);
  const brace = opens ? [{ column: 'brace', text: '{' }] : [];
  return { span: whole, statement, cells: [...cellsOf(statement), ...brace] };
}

/** All items except comments, in the order of the text. */
function itemsOf(document: Document): readonly Item[] {
  const { statements, blocks, skipped, byOwner } = document;
  const byHeader = new Map(blocks.map((block) => [block.header, block]));
  const hasError = (statement: Statement) =>
    byOwner.has(statement) || (statement.expectation !== null && byOwner.has(statement.expectation));
  const closed = blocks.filter((block) => isClosed(document, block));
  return [
    ...statements.map((statement) =>
      statementItem(document, statement, byHeader.get(statement), hasError(statement)),
    ),
    ...closed.map(({ span: { end } }) => ({
      span: { start: end - 1, end },
      statement: null,
      cells: text('}'),
    })),
    ...skipped.map((span) => verbatim(document, span)),
  ].sort((a, b) => a.span.start - b.span.start);
}

const LINE_END = /\r\n|\r|\n/;

/** The white space between a statement and a comment on the same line. */
const ONLY_BLANKS = /^[^\S\r\n]*$/;

/** Whether an item is printed unchanged, which applies to unparsed text, but not to the closing brace of a block. */
function isVerbatim({ statement, cells: [first] }: Item): boolean {
  return statement === null && first?.text !== '}';
}

/** Merges unparsed text with other items on its lines, so that these lines are not changed. */
function joinVerbatim(document: Document, items: readonly Item[]): readonly Item[] {
  const joined: Item[] = [];
  for (const item of items) {
    const before = joined.at(-1);
    const sameLine =
      before !== undefined && !LINE_END.test(document.text.slice(before.span.end, item.span.start));
    if (sameLine && (isVerbatim(before) || isVerbatim(item))) {
      const start = before.span.start;
      joined[joined.length - 1] = verbatim(document, {
        start,
        end: Math.max(before.span.end, item.span.end),
      });
    } else {
      joined.push(item);
    }
  }
  return joined;
}

/** Where expectations start a new line: after a comma at the end of the previous line. */
function lineStarts(source: string, tokens: readonly Token[]): readonly Token[] {
  return tokens.filter((token, at) => {
    const before = tokens[at - 1];
    const isFirst = before === undefined;
    return isFirst || (token.lineStart && source.slice(before.start, before.end) === ',');
  });
}

/** The lines of the expectations, and the comments that cannot stay inside them. */
function expectationLines(
  { text: source }: Document,
  span: Span,
  comments: readonly CommentNode[],
): { lines: readonly ExpectationLine[]; moved: readonly CommentNode[] } {
  const inside = source.slice(span.start, span.end);
  const tokens = tokenize(inside).tokens.filter(({ kind }) => kind !== 'end');
  const starts = lineStarts(inside, tokens);
  const taken = new Set<CommentNode>();
  const lines = starts.map(({ start }, at): ExpectationLine => {
    const next = starts[at + 1]?.start ?? inside.length;
    const last = lastOf(tokens.filter((token) => token.start < next));
    const behind = comments.find((comment) => {
      const from = comment.span.start - span.start;
      return from >= last.end && from < next && !LINE_END.test(inside.slice(last.end, from));
    });
    if (behind !== undefined) taken.add(behind);
    return { text: tokensText(inside.slice(start, last.end)), comment: behind?.text ?? null };
  });
  return { lines, moved: comments.filter((comment) => !taken.has(comment)) };
}

function statementRow(
  document: Document,
  { span, statement, cells }: Item,
  inside: readonly CommentNode[],
): Omit<Row, 'inBlock' | 'comment'> {
  if (statement === null) {
    return { span, kind: 'statement', above: [], cells, outcome: [] };
  }
  const arrow = statement.expectation?.span ?? { start: span.end, end: span.end };
  const early = inside.filter((comment) => comment.span.start < arrow.start);
  const late = inside.slice(early.length);
  const { lines, moved } =
    statement.expectation === null ? { lines: [], moved: late } : expectationLines(document, arrow, late);
  const above = [...early, ...moved].map((comment) => comment.text);
  return { span, kind: 'statement', above, cells, outcome: lines };
}

/** The rows of a document. */
export function rowsOf(document: Document): readonly Row[] {
  const { text: source, comments, blocks } = document;
  const rows: Row[] = [];
  let next = 0;
  let block = 0;
  const inBlock = (start: number) => {
    while (block < blocks.length && elementAt(blocks, block).body.end <= start) block++;
    const body = blocks[block]?.body;
    const closing =
      body !== undefined && isClosed(document, elementAt(blocks, block)) ? body.end - 1 : body?.end;
    return body !== undefined && closing !== undefined && start > body.start && start < closing;
  };
  const commentsBefore = (end: number) => {
    const from = next;
    while (next < comments.length && elementAt(comments, next).span.start < end) next++;
    return comments.slice(from, next);
  };
  const commentRow = ({ span, text: content }: CommentNode): Row => {
    const cells = text(content);
    const common = { above: [], outcome: [], comment: null };
    return { span, kind: 'comment', inBlock: inBlock(span.start), cells, ...common };
  };
  for (const item of joinVerbatim(document, itemsOf(document))) {
    rows.push(...commentsBefore(item.span.start).map(commentRow));
    const inside = commentsBefore(item.span.end);
    const own = comments[next];
    const isBehind = own !== undefined && ONLY_BLANKS.test(source.slice(item.span.end, own.span.start));
    if (isBehind) next++;
    const end = isBehind ? own.span.end : item.span.end;
    const where = { inBlock: inBlock(item.span.start), span: { start: item.span.start, end } };
    if (isVerbatim(item)) {
      const cells = text(source.slice(item.span.start, end));
      rows.push({ kind: 'verbatim', above: [], cells, outcome: [], comment: null, ...where });
    } else {
      const comment = isBehind ? own.text : null;
      rows.push({ ...statementRow(document, item, inside), comment, ...where });
    }
  }
  return [...rows, ...comments.slice(next).map(commentRow)];
}
