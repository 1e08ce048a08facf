import { finish, type Pieces } from '../pieces';
import type { CommentNode } from '../tree/tree';

/**
 * Splits text into tokens. Every character belongs to a token, a comment or white space, so the offsets reproduce the
 * text. The lexer reports no errors.
 */

export type TokenKind = 'word' | 'number' | 'string' | 'operator' | 'arrow' | 'other' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Whether it is the first token on its line. */
  readonly lineStart: boolean;
}

export interface Lexed {
  /** Ends with a token of kind `end`. */
  readonly tokens: readonly Token[];
  readonly comments: readonly CommentNode[];
}

const HASH = 0x23;
const QUOTE = 0x22;
const MINUS = 0x2d;
const DOT = 0x2e;
const UNDERSCORE = 0x5f;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = 0xfeff;

function isLineEnd(code: number): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code === BYTE_ORDER_MARK;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Characters outside ASCII count as letters, so that a name in another script is one token and gets one message. */
function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || code === UNDERSCORE || (code >= 0x80 && !isSpace(code));
}

function isWordPart(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === MINUS || code === DOT;
}

function isNumberPart(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === DOT;
}

const ARROW = '=>';

/** The longest first. */
const OPERATORS = ['..', '+', '-', '*', '(', ')', '=', ',', '{', '}'];

function operatorAt(text: string, offset: number): string | undefined {
  return OPERATORS.find((operator) => text.startsWith(operator, offset));
}

/** Whether a character has no meaning in the language. */
function isOther(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  if (isSpace(code) || isLetter(code) || isDigit(code)) return false;
  return code !== HASH && code !== QUOTE && operatorAt(text, offset) === undefined;
}

function scanWhile(text: string, from: number, belongs: (code: number) => boolean): number {
  let end = from;
  while (end < text.length && belongs(text.charCodeAt(end))) end++;
  return end;
}

/** The end of a comment: the end of its line, without trailing white space. */
function scanComment(text: string, from: number): number {
  let end = scanWhile(text, from, (code) => !isLineEnd(code));
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}

/** The end of a word or a number, or of text that begins like a number. Two dots end both. */
function scanName(text: string, from: number, belongs: (code: number) => boolean): number {
  let end = from;
  while (end < text.length && belongs(text.charCodeAt(end)) && !text.startsWith('..', end)) end++;
  return end;
}

function scanString(text: string, from: number): number {
  const end = scanWhile(text, from + 1, (code) => code !== QUOTE && !isLineEnd(code));
  return text.charCodeAt(end) === QUOTE ? end + 1 : end;
}

function scanToken(text: string, start: number): { kind: TokenKind; end: number } {
  const code = text.charCodeAt(start);
  if (isDigit(code)) return { kind: 'number', end: scanName(text, start, isNumberPart) };
  if (isLetter(code)) return { kind: 'word', end: scanName(text, start, isWordPart) };
  if (code === QUOTE) return { kind: 'string', end: scanString(text, start) };
  if (text.startsWith(ARROW, start)) return { kind: 'arrow', end: start + ARROW.length };
  const operator = operatorAt(text, start);
  if (operator !== undefined) return { kind: 'operator', end: start + operator.length };
  let end = start + 1;
  while (end < text.length && isOther(text, end)) end++;
  return { kind: 'other', end };
}

/** Tokens of a piece. */
const PIECE = 1000;

/** Tokens and comments of a text, in time linear in its length. */
export function* tokensInPieces(text: string): Pieces<Lexed> {
  const tokens: Token[] = [];
  const comments: CommentNode[] = [];
  let lineStart = true;
  let offset = 0;
  while (offset < text.length) {
    const code = text.charCodeAt(offset);
    if (isSpace(code)) {
      lineStart ||= isLineEnd(code);
      offset++;
    } else if (code === HASH) {
      const end = scanComment(text, offset);
      comments.push({ span: { start: offset, end }, text: text.slice(offset, end) });
      offset = end;
    } else {
      const { kind, end } = scanToken(text, offset);
      tokens.push({ kind, start: offset, end, lineStart });
      lineStart = false;
      offset = end;
      if (tokens.length % PIECE === 0) yield;
    }
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length, lineStart });
  return { tokens, comments };
}

/** As tokensInPieces(), at once. */
export function tokenize(text: string): Lexed {
  return finish(tokensInPieces(text));
}
