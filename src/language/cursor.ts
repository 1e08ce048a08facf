import { type DiagnosticData, type Report, reportError } from './diagnostics';
import { type Token, tokenize } from './lexer';
import { CONTINUATION_WORDS, type Keyword, LABELS, statementSpec } from './statements';
import { type ArgumentPart, isNumberRole, type Part, type RequiredPart, type StatementSpec } from './syntax';
import type { CommentNode, Span } from './tree';

/** The parser's place in the tokens, and its decisions about where a statement begins and ends. */

/** What could come next at the end of the text; completion asks for it. */
export type Expectation =
  | { readonly kind: 'statement' }
  /** The part itself: the label of an argument, a word of a choice, an option. */
  | { readonly kind: 'part'; readonly part: Part }
  /** The value of an argument whose label is there. */
  | { readonly kind: 'value'; readonly part: ArgumentPart };

export interface Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly comments: readonly CommentNode[];
  readonly report: Report;
  /** What the parser looked for when it met the end of the text. */
  readonly expected: Expectation[];
  /** Whether the text ends where a required part is missing. */
  unfinished: boolean;
  index: number;
}

export function createCursor(text: string, report: Report): Cursor {
  return { text, ...tokenize(text), report, expected: [], unfinished: false, index: 0 };
}

/** The token `ahead` of the current one; the last token stands for everything after it. */
export function peek(cursor: Cursor, ahead = 0): Token {
  return cursor.tokens[Math.min(cursor.index + ahead, cursor.tokens.length - 1)]!;
}

export function atEnd(cursor: Cursor): boolean {
  return peek(cursor).kind === 'end';
}

/** Takes the current token. */
export function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.index++;
  return token;
}

/** The last token taken. */
export function previous(cursor: Cursor): Token {
  return cursor.tokens[Math.max(0, cursor.index - 1)]!;
}

export function textOf(cursor: Cursor, token: Token): string {
  return cursor.text.slice(token.start, token.end);
}

export function spanOf(token: Token): Span {
  return { start: token.start, end: token.end };
}

/** The word at a token, null where it is something else. */
export function wordAt(cursor: Cursor, ahead = 0): string | null {
  const token = peek(cursor, ahead);
  return token.kind === 'word' ? textOf(cursor, token) : null;
}

/** Notes what was looked for, when the text ends here. Nothing can follow a required part that is missing. */
export function expectHere(cursor: Cursor, expectation: Expectation, required: boolean): void {
  if (!atEnd(cursor) || cursor.unfinished) return;
  cursor.expected.push(expectation);
  cursor.unfinished = required;
}

export function errorAt(
  cursor: Cursor,
  code: 'G001' | 'G002' | 'G003' | 'G004' | 'G005' | 'G006' | 'G007' | 'G008',
  span: Span,
  message: string,
  data?: DiagnosticData,
): void {
  reportError(cursor.report, code, span, message, data ? { data } : {});
}

/** Whether the tokens from `ahead` on have the shape of these parts, judging by kinds and labels only. */
function matches(cursor: Cursor, ahead: number, parts: readonly RequiredPart[]): boolean {
  let at = ahead;
  for (const part of parts) {
    if (part.kind === 'choice') {
      const word = wordAt(cursor, at++);
      if (!part.words.some((choice) => choice.word === word)) return false;
      continue;
    }
    const isBare = part.kind === 'either' && wordAt(cursor, at) !== part.labelled.label;
    const { label, role } = part.kind === 'argument' ? part : isBare ? part.bare : part.labelled;
    if (label !== null && wordAt(cursor, at++) !== label) return false;
    if (peek(cursor, at++).kind !== (isNumberRole(role) ? 'number' : 'word')) return false;
  }
  return true;
}

/**
 * Whether a statement starts at the current token. `gmem`, `slot` and `vm` are keywords and labels too:
 * within a line they start a statement only when a whole one is there; at the start of a line always,
 * since it is more likely that the statement before is unfinished.
 */
export function startsStatement(cursor: Cursor): StatementSpec<Keyword> | null {
  const word = wordAt(cursor);
  const spec = word === null ? undefined : statementSpec(word);
  if (spec === undefined) return null;
  if (!LABELS.has(spec.keyword) || peek(cursor).lineStart) return spec;
  return matches(cursor, 1, spec.required) ? spec : null;
}

/** Whether the current token is the label of this required part, and not the start of a new statement. */
export function isRequiredLabel(cursor: Cursor, label: string): boolean {
  if (wordAt(cursor) !== label) return false;
  const spec = statementSpec(label);
  return spec === undefined || !peek(cursor).lineStart || !matches(cursor, 1, spec.required);
}

/** The same for the label of a group, which may be left out: on a line of its own it has to be complete. */
export function isGroupLabel(cursor: Cursor, parts: readonly ArgumentPart[]): boolean {
  const label = parts[0]!.label!;
  if (wordAt(cursor) !== label) return false;
  const spec = statementSpec(label);
  if (spec === undefined) return true;
  if (matches(cursor, 1, spec.required)) return false;
  return !peek(cursor).lineStart || matches(cursor, 0, parts);
}

/**
 * Whether the word at the start of a line is the name that the statement on the lines above waits for,
 * rather than a misspelt keyword: what follows it has to go on with that statement, or end it.
 */
export function isNameOnNextLine(cursor: Cursor, later: readonly RequiredPart[]): boolean {
  if (later.length > 0) return matches(cursor, 1, later);
  const next = peek(cursor, 1);
  if (next.lineStart || next.kind === 'end' || next.kind === 'outcome') return true;
  const word = wordAt(cursor, 1);
  return word !== null && (CONTINUATION_WORDS.has(word) || statementSpec(word) !== undefined);
}

/** Whether recovery should stop at the current token: the statement in hand cannot go on here. */
export function atSyncPoint(cursor: Cursor): boolean {
  const token = peek(cursor);
  if (token.kind === 'end' || token.kind === 'outcome') return true;
  if (token.kind !== 'word') return false;
  if (startsStatement(cursor) !== null) return true;
  // A word at the start of a line that no statement goes on with is a misspelt keyword, most likely.
  return token.lineStart && !CONTINUATION_WORDS.has(textOf(cursor, token));
}
