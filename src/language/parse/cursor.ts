import type { Diagnostic, DiagnosticCode, DiagnosticData, RelatedSpan } from '../diagnostics/diagnostics';
import { type Report, reportSyntax } from '../diagnostics/report';
import type { Pieces } from '../pieces';
import type { ArgumentPart, Part } from '../table/syntax';
import type { CommentNode, Span } from '../tree/tree';
import { type Token, tokensInPieces } from './lexer';
import { createScope, type Scope } from './scope';

/** The parser's place in the tokens, and what it notes on its way. */

/** What could come next at the end of the text; completion asks for it. */
export type Candidate =
  | { readonly kind: 'statement' }
  /** The part itself: the label of an argument, a word of a choice, an option. */
  | { readonly kind: 'part'; readonly part: Part }
  /** The value of an argument whose label is there. */
  | { readonly kind: 'value'; readonly part: ArgumentPart }
  /** A number, or a constant in its place, inside of arithmetic or behind `..`. */
  | { readonly kind: 'number' }
  /** What the statement has to do: `=>` and expectations. */
  | { readonly kind: 'arrow' }
  /** An expectation, behind `=>` or a comma. */
  | { readonly kind: 'expectation' }
  /** One of a few words, inside an expectation. */
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** What stands for the placeholder of that name in the syntax of the expectation at hand. */
  | { readonly kind: 'placeholder'; readonly what: ExpectationPlaceholder };

/** The placeholders in the syntax of expectations. */
export type ExpectationPlaceholder =
  | 'ID'
  | 'RANGE'
  | 'GPA'
  | 'GFN'
  | 'FILE'
  | 'COUNTxLEVEL'
  | 'N'
  | 'BYTES'
  | 'RESULT'
  | 'VALUE'
  | 'STEP'
  | 'LOCK';

/** What a text is: a file of its own, or a block in a document. */
export type Whole = 'file' | 'block';

export interface Cursor {
  readonly text: string;
  /** What ends where the text does, for messages. */
  readonly whole: Whole;
  readonly tokens: readonly Token[];
  readonly comments: readonly CommentNode[];
  readonly report: Report;
  /** Constants that are known at the current token. */
  readonly scope: Scope;
  /** What the parser looked for when it met the end of the text. */
  readonly candidates: Candidate[];
  /** Whether the text ends where a required part is missing. */
  unfinished: boolean;
  /** What the expectation at hand begins with, as it is written; null outside of expectations. */
  expectation: string | null;
  index: number;
}

export function* createCursor(text: string, report: Report, whole: Whole = 'file'): Pieces<Cursor> {
  return {
    text,
    whole,
    ...(yield* tokensInPieces(text)),
    report,
    scope: createScope(),
    candidates: [],
    unfinished: false,
    expectation: null,
    index: 0,
  };
}

/** The token at an index; the first and the last stand for everything before and after them. */
function tokenAt({ tokens }: Cursor, index: number): Token {
  // Not elementAt(): the parser looks ahead all the time.
  const token = tokens[Math.max(0, Math.min(index, tokens.length - 1))];
  if (token === undefined) throw new RangeError('there is no token, not even that of the end');
  return token;
}

/** The token `ahead` of the current one; the last token stands for everything after it. */
export function peek(cursor: Cursor, ahead = 0): Token {
  return tokenAt(cursor, cursor.index + ahead);
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
  return tokenAt(cursor, cursor.index - 1);
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

/** The operator at a token, null where it is something else. */
export function operatorAt(cursor: Cursor, ahead = 0): string | null {
  const token = peek(cursor, ahead);
  return token.kind === 'operator' ? textOf(cursor, token) : null;
}

/** What may be the label of an argument: a word, or the `=` of `let`. */
export function labelAt(cursor: Cursor, ahead = 0): string | null {
  return wordAt(cursor, ahead) ?? operatorAt(cursor, ahead);
}

/** Notes what was looked for, when the text ends here. Nothing can follow a required part that is missing. */
export function noteCandidate(cursor: Cursor, candidate: Candidate, required: boolean): void {
  if (!atEnd(cursor) || cursor.unfinished) return;
  cursor.candidates.push(candidate);
  cursor.unfinished = required;
}

type SyntaxCode = Extract<DiagnosticCode, `G00${string}` | `G01${string}`>;

export function errorAt(
  cursor: Cursor,
  code: SyntaxCode,
  span: Span,
  message: string,
  data?: DiagnosticData,
  related: readonly RelatedSpan[] = [],
): Diagnostic {
  const more = { ...(data ? { data } : {}), ...(related.length > 0 ? { related } : {}) };
  return reportSyntax(cursor.report, code, span, message, more);
}
