import { elementAt, lastOf } from '../../simulator';
import { type Token, tokenize } from '../parse/lexer';
import type { Block, CommentNode, Document, RaceBlock, Span, Statement } from '../tree/tree';
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
  /** Whether it is the brace that ends a block. */
  readonly closes: boolean;
  /** The number of blocks that it is in. */
  readonly depth: number;
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
  /** Whether it is printed unchanged. */
  readonly verbatim: boolean;
  readonly closes: boolean;
  readonly cells: readonly Cell[];
  /** Of the expectations, from the arrow on. */
  readonly outcome: Span | null;
}

function text(content: string): readonly Cell[] {
  return [{ column: 'text', text: content }];
}

function verbatim(document: Document, span: Span): Item {
  const cells = text(document.text.slice(span.start, span.end));
  return { span, verbatim: true, closes: false, cells, outcome: null };
}

/** A statement; the header of a block includes its brace. A statement with an error is printed unchanged. */
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
  const cells = [...cellsOf(statement), ...brace];
  return { span: whole, verbatim: false, closes: false, cells, outcome: expectation?.span ?? null };
}

/** The closing brace of a block, with the expectation of a race. One with an error is printed unchanged. */
function closingItem(document: Document, { body: { end } }: Block, race: RaceBlock | undefined): Item {
  const brace = { start: end - 1, end };
  const expectation = race?.expectation ?? null;
  const item = { verbatim: false, closes: true, cells: text('}'), outcome: expectation?.span ?? null };
  if (expectation === null) return { ...item, span: brace };
  const span = { start: brace.start, end: expectation.span.end };
  const hasError = !expectation.wellFormed || document.byOwner.has(expectation);
  return hasError ? verbatim(document, span) : { ...item, span };
}

/** All items except comments, in the order of the text. */
function itemsOf(document: Document): readonly Item[] {
  const { statements, braced, races, skipped, byOwner } = document;
  const byHeader = new Map(braced.map((block) => [block.header, block]));
  const hasError = (statement: Statement) =>
    byOwner.has(statement) || (statement.expectation !== null && byOwner.has(statement.expectation));
  const raceAt = new Map(races.map((race) => [race.header, race]));
  return [
    ...statements.map((statement) =>
      statementItem(document, statement, byHeader.get(statement), hasError(statement)),
    ),
    ...braced
      .filter(({ closed }) => closed)
      .map((block) => closingItem(document, block, raceAt.get(block.header))),
    ...skipped.map((span) => verbatim(document, span)),
  ].sort((a, b) => a.span.start - b.span.start);
}

const LINE_END = /\r\n|\r|\n/;

/** The white space between a statement and a comment on the same line. */
const ONLY_BLANKS = /^[^\S\r\n]*$/;

/** Merges unparsed text with other items on its lines, so that these lines are not changed. */
function joinVerbatim(document: Document, items: readonly Item[]): readonly Item[] {
  const joined: Item[] = [];
  for (const item of items) {
    const before = joined.at(-1);
    const sameLine =
      before !== undefined && !LINE_END.test(document.text.slice(before.span.end, item.span.start));
    if (sameLine && (before.verbatim || item.verbatim)) {
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
  { span, cells, outcome }: Item,
  inside: readonly CommentNode[],
): Omit<Row, 'closes' | 'depth' | 'comment'> {
  const arrow = outcome ?? { start: span.end, end: span.end };
  const early = inside.filter((comment) => comment.span.start < arrow.start);
  const late = inside.slice(early.length);
  const { lines, moved } =
    outcome === null ? { lines: [], moved: late } : expectationLines(document, arrow, late);
  const above = [...early, ...moved].map((comment) => comment.text);
  return { span, kind: 'statement', above, cells, outcome: lines };
}

/** Counts the blocks around offsets, which must be asked for in the order of the text. */
function depths({ braced }: Document): (offset: number) => number {
  const around: Block[] = [];
  let next = 0;
  const isInside = (offset: number, { body, closed }: Block) => offset < (closed ? body.end - 1 : body.end);
  const leaveUpTo = (offset: number) => {
    while (around.length > 0 && !isInside(offset, lastOf(around))) around.pop();
  };
  return (offset) => {
    for (; next < braced.length && elementAt(braced, next).body.start < offset; next++) {
      const block = elementAt(braced, next);
      leaveUpTo(block.body.start);
      around.push(block);
    }
    leaveUpTo(offset);
    return around.length;
  };
}

/** The rows of a document. */
export function rowsOf(document: Document): readonly Row[] {
  const { text: source, comments } = document;
  const rows: Row[] = [];
  let next = 0;
  const depthAt = depths(document);
  const commentsBefore = (end: number) => {
    const from = next;
    while (next < comments.length && elementAt(comments, next).span.start < end) next++;
    return comments.slice(from, next);
  };
  const commentRow = ({ span, text: content }: CommentNode): Row => {
    const cells = text(content);
    const common = { above: [], outcome: [], comment: null };
    return { span, kind: 'comment', closes: false, depth: depthAt(span.start), cells, ...common };
  };
  for (const item of joinVerbatim(document, itemsOf(document))) {
    rows.push(...commentsBefore(item.span.start).map(commentRow));
    const inside = commentsBefore(item.span.end);
    const own = comments[next];
    const isBehind = own !== undefined && ONLY_BLANKS.test(source.slice(item.span.end, own.span.start));
    if (isBehind) next++;
    const end = isBehind ? own.span.end : item.span.end;
    const { closes } = item;
    const where = { closes, depth: depthAt(item.span.start), span: { start: item.span.start, end } };
    if (item.verbatim) {
      const cells = text(source.slice(item.span.start, end));
      rows.push({ kind: 'verbatim', above: [], cells, outcome: [], comment: null, ...where });
    } else {
      const comment = isBehind ? own.text : null;
      rows.push({ ...statementRow(document, item, inside), comment, ...where });
    }
  }
  return [...rows, ...comments.slice(next).map(commentRow)];
}
