import { elementAt } from '../../simulator';
import { tokenize } from '../parse/lexer';
import { argumentsOf } from '../table/syntax';
import { extentOf } from '../tree/extent';
import {
  type CommentNode,
  type Document,
  type ExpectationNode,
  nameFor,
  numberFor,
  type Span,
  type Statement,
} from '../tree/tree';

/** The spans around an offset, from the word to the document, for an editor's Expand Selection. */

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

function around(...spans: readonly Span[]): Span {
  return {
    start: spans.reduce((first, { start }) => Math.min(first, start), Number.POSITIVE_INFINITY),
    end: spans.reduce((last, { end }) => Math.max(last, end), 0),
  };
}

/** The words and numbers in a span. */
function wordsIn(text: string, { start, end }: Span): readonly Span[] {
  return tokenize(text.slice(start, end))
    .tokens.filter(({ kind }) => kind === 'word' || kind === 'number' || kind === 'string')
    .map((token) => ({ start: start + token.start, end: start + token.end }));
}

/** Values, values with their labels, and ranges, which consist of two values. */
function argumentSpans(statement: Statement): readonly Span[] {
  const { labels, choices, knobs } = statement;
  const named = argumentsOf(statement.spec).flatMap(({ role }) => {
    const span = (numberFor(statement, role) ?? nameFor(statement, role))?.span;
    const label = labels[role];
    if (span === undefined) return [];
    return label === undefined ? [span] : [span, around(label, span)];
  });
  const extent = extentOf(statement);
  const label = extent === null ? undefined : labels[extent.part.role];
  const range =
    extent === null || label === undefined ? [] : [around(label, extent.start.span, extent.size.span)];
  return [
    ...named,
    ...range,
    ...Object.values(choices).map(({ span }) => span),
    ...knobs.flatMap(({ span, knob, variant }) => [
      span,
      knob.span,
      ...(variant === null ? [] : [variant.span]),
    ]),
  ];
}

/** The item of an expectation at an offset, the expectation, and all expectations of the statement. */
function outcomeSpans({ items, span }: ExpectationNode, offset: number): readonly Span[] {
  const item = items.find((one) => holds(one.span, offset));
  if (item === undefined) return [span];
  const expectation = items.filter(({ word }) => word.start === item.word.start).map((one) => one.span);
  return [item.span, around(...expectation), around(...items.map((one) => one.span)), span];
}

/** The comments on consecutive lines around the one at index `at`. */
function commentRun(text: string, comments: readonly CommentNode[], at: number): Span {
  const joins = (from: CommentNode | undefined, to: CommentNode | undefined) =>
    from !== undefined && to !== undefined && /^\s*$/.test(text.slice(from.span.end, to.span.start));
  let [first, last] = [at, at];
  while (joins(comments[first - 1], comments[first])) first--;
  while (joins(comments[last], comments[last + 1])) last++;
  return around(elementAt(comments, first).span, elementAt(comments, last).span);
}

/** The spans around an offset, each contained in the next; the last one is the document. */
export function enclosingSpans(document: Document, offset: number): readonly Span[] {
  const { text, statements, braced, comments } = document;
  const spans: Span[] = [{ start: 0, end: text.length }];
  for (const { body, span, closed } of braced) {
    if (!holds(span, offset)) continue;
    const closing = closed ? body.end - 1 : body.end;
    spans.push(span, body, { start: Math.min(body.start + 1, closing), end: closing });
  }
  const comment = comments.findIndex(({ span }) => holds(span, offset));
  const statement = statements.find(({ span }) => holds(span, offset));
  if (comment >= 0) spans.push(commentRun(text, comments, comment), elementAt(comments, comment).span);
  else if (statement !== undefined) {
    const { span, callSpan, expectation } = statement;
    spans.push(span, callSpan, ...argumentSpans(statement), ...wordsIn(text, span));
    if (expectation !== null) spans.push(...outcomeSpans(expectation, offset));
  }
  const sorted = spans
    .filter((span) => holds(span, offset))
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  const chain: Span[] = [];
  for (const span of sorted) {
    const last = chain.at(-1);
    const isAround = last === undefined || (span.start <= last.start && span.end >= last.end);
    const isSame = last !== undefined && span.start === last.start && span.end === last.end;
    if (isAround && !isSame) chain.push(span);
  }
  return chain;
}
