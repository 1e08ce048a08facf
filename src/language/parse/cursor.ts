import type { Diagnostic, DiagnosticCode, DiagnosticData, RelatedSpan } from '../diagnostics/diagnostics';
import { type Report, reportSyntax } from '../diagnostics/report';
import type { Pieces } from '../pieces';
import type { ArgumentPart, Part } from '../table/syntax';
import type { CommentNode, Span } from '../tree/tree';
import { type Token, tokensInPieces } from './lexer';
import { createScope, type Scope } from './scope';

/** The parser's position in the tokens, and what it records. */

/** What could follow the end of the text, for completion. */
export type Candidate =
  /** A statement, in the innermost block; null outside of blocks. */
  | { readonly kind: 'statement'; readonly inside: BlockKeyword | null }
  /** A part: the label of an argument, a word of a choice, an option. */
  | { readonly kind: 'part'; readonly part: Part }
  /** The value of an argument whose label has been read. */
  | { readonly kind: 'value'; readonly part: ArgumentPart }
  /** A number or a constant, in arithmetic or after `..`. */
  | { readonly kind: 'number' }
  /** `=>` and expectations, of a statement in a race, behind one, or neither. */
  | { readonly kind: 'arrow'; readonly race: Cursor['race'] }
  /** An expectation, after `=>` or a comma. */
  | { readonly kind: 'expectation'; readonly race: Cursor['race'] }
  /** `always`, `never` or `sometimes` before an expectation. */
  | { readonly kind: 'quantifier' }
  /** `=>` behind the `}` of a race. */
  | { readonly kind: 'race-arrow' }
  /** An item of a race's expectation, whose quantifier may have been read. */
  | { readonly kind: 'race-expectation'; readonly quantified: boolean }
  /** One of a few words inside an expectation. */
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** A value for the placeholder of that name in the syntax of the current expectation. */
  | { readonly kind: 'placeholder'; readonly what: ExpectationPlaceholder };

/** The keywords of statements that have a block. */
export type BlockKeyword = 'scenario' | 'race' | 'task';

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

/** Whether a text is a whole file or a block in a document. */
export type Whole = 'file' | 'block';

export interface Cursor {
  readonly text: string;
  /** What the text is, for messages about its end. */
  readonly whole: Whole;
  readonly tokens: readonly Token[];
  readonly comments: readonly CommentNode[];
  readonly report: Report;
  /** The constants that are defined at the current token. */
  readonly scope: Scope;
  /** What the parser looked for at the end of the text. */
  readonly candidates: Candidate[];
  /** Whether a required part is missing at the end of the text. */
  unfinished: boolean;
  /** The first word of the current expectation, as written; null outside expectations. */
  expectation: string | null;
  /** Where the current token is, seen from the race of its scenario. */
  race: 'in' | 'behind' | null;
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
    race: null,
    index: 0,
  };
}

/** The token at an index; before the start, the first token, and beyond the end, the last. */
function tokenAt({ tokens }: Cursor, index: number): Token {
  // Not elementAt(), which is slower: the parser looks ahead very often.
  const token = tokens[Math.max(0, Math.min(index, tokens.length - 1))];
  if (token === undefined) throw new RangeError('no tokens, not even the one for the end of the text');
  return token;
}

/** The token `ahead` of the current one; beyond the end, the last token. */
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

/** The text of a token that is a word; null for other tokens. */
export function wordAt(cursor: Cursor, ahead = 0): string | null {
  const token = peek(cursor, ahead);
  return token.kind === 'word' ? textOf(cursor, token) : null;
}

/** The text of a token that is an operator; null for other tokens. */
export function operatorAt(cursor: Cursor, ahead = 0): string | null {
  const token = peek(cursor, ahead);
  return token.kind === 'operator' ? textOf(cursor, token) : null;
}

/** The text of a token that can be a label: a word, or the `=` of `let`. */
export function labelAt(cursor: Cursor, ahead = 0): string | null {
  return wordAt(cursor, ahead) ?? operatorAt(cursor, ahead);
}

/** Records a candidate if the text ends here, unless a required part before it is missing. */
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
