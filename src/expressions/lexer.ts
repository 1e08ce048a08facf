/** Splits an expression into tokens. Never fails: unknown characters become tokens of kind `other`. */
import { must } from '../simulator';
import { OPERATORS, type Span } from './tree';

export type TokenKind = 'number' | 'name' | 'quoted' | 'symbol' | 'other' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly span: Span;
}

const SYMBOLS: readonly string[] = [...OPERATORS, '!', '(', ')', '[', ']', '.', ','];

/** Tried in this order; the last pattern matches any character. */
const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['number', /\d[\w]*/y],
  ['name', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['quoted', /"[^"]*"?/y],
];

function tokenAt(text: string, start: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = start;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found, span: { start, end: start + found.length } };
  }
  // Longer symbols come first, so that `<=` is not read as `<` and `=`.
  const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, start));
  if (symbol !== undefined)
    return { kind: 'symbol', text: symbol, span: { start, end: start + symbol.length } };
  const other = String.fromCodePoint(must(text.codePointAt(start), `character ${start}`));
  return { kind: 'other', text: other, span: { start, end: start + other.length } };
}

/** The tokens of a text; the last is of kind `end`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.span.end;
  }
  return [...tokens, { kind: 'end', text: '', span: { start: text.length, end: text.length } }];
}
