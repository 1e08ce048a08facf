import { quote } from '../diagnostics/diagnostics';
import { MOST_CANDIDATES, nearest } from '../diagnostics/suggest';
import { CONTINUATION_WORDS, statementSpec } from '../table/statements';
import type { NameNode, Span } from '../tree/tree';
import {
  type Cursor,
  errorAt,
  noteCandidate,
  operatorAt,
  peek,
  previous,
  spanOf,
  take,
  textOf,
  wordAt,
} from './cursor';
import { MAX_U64, readNumber } from './numbers';
import { lastNamesIn, lookUp } from './scope';

/**
 * Arithmetic instead of a number: `base + 2 * 4K`. The values of constants are known, so an expression is evaluated
 * while it is parsed.
 */

export interface Computed {
  readonly span: Span;
  /** Null if the expression has an error, which has been reported. */
  readonly value: bigint | null;
  /** The constants that it uses. */
  readonly names: readonly NameNode[];
}

/** The state of parsing one expression. */
interface Reading {
  readonly names: NameNode[];
  depth: number;
}

/** The maximum depth of nested parentheses. */
const DEEPEST = 32;

const CONSTANT = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Whether the token is a word that can only be a constant. At the start of a line the constant must be defined, because
 * the word may be a misspelt keyword.
 */
function isConstant(cursor: Cursor, ahead: number): boolean {
  const word = wordAt(cursor, ahead);
  if (word === null || CONTINUATION_WORDS.has(word) || statementSpec(word) !== undefined) return false;
  return !peek(cursor, ahead).lineStart || lookUp(cursor.scope, word) !== undefined;
}

/** Whether a number, or something intended as one, is `ahead` of the current token. */
export function startsExpression(cursor: Cursor, ahead = 0): boolean {
  const { kind } = peek(cursor, ahead);
  return kind === 'number' || operatorAt(cursor, ahead) === '(' || isConstant(cursor, ahead);
}

function isBinary(operator: string | null): operator is '+' | '-' | '*' {
  return operator === '+' || operator === '-' || operator === '*';
}

/** The end of an expression that begins `ahead` of the current token, judged by its form; null if none begins. */
export function skipExpression(cursor: Cursor, ahead: number): number | null {
  if (!startsExpression(cursor, ahead)) return null;
  let at = ahead;
  let depth = 0;
  for (;;) {
    while (operatorAt(cursor, at) === '(') {
      depth++;
      at++;
    }
    if (!startsExpression(cursor, at)) return null;
    at++;
    while (depth > 0 && operatorAt(cursor, at) === ')') {
      depth--;
      at++;
    }
    if (!isBinary(operatorAt(cursor, at))) return at;
    at++;
  }
}

function literal(cursor: Cursor): bigint | null {
  const token = take(cursor);
  const text = textOf(cursor, token);
  const result = readNumber(text);
  if ('value' in result) return result.value;
  if (result.problem === 'too-large') {
    errorAt(cursor, 'G005', spanOf(token), `${quote(text)} does not fit in 64 bits`);
    return null;
  }
  const upper = text.slice(0, -1) + text.slice(-1).toUpperCase();
  const meant = 'value' in readNumber(upper) ? { replacement: upper } : undefined;
  const forms = 'a number is decimal or hexadecimal (`0x`), with an optional suffix `K`, `M`, `G` or `T`';
  const hint = meant === undefined ? forms : `did you mean \`${upper}\`?`;
  errorAt(cursor, 'G004', spanOf(token), `${quote(text)} is not a number: ${hint}`, meant);
  return null;
}

/** `base - 4K` for `base-4K`, which is one word, because words may contain hyphens; null for other words. */
function withSpaces(cursor: Cursor, word: string): string | null {
  const parts = word.split('-');
  const known = parts.every((part) =>
    CONSTANT.test(part) ? lookUp(cursor.scope, part) !== undefined : 'value' in readNumber(part),
  );
  return parts.length > 1 && known ? parts.join(' - ') : null;
}

function constant(cursor: Cursor, { names }: Reading): bigint | null {
  const token = take(cursor);
  const word = textOf(cursor, token);
  const span = spanOf(token);
  names.push({ kind: 'name', span, text: word });
  const known = lookUp(cursor.scope, word);
  if (known !== undefined) return known.value;
  const spaced = withSpaces(cursor, word);
  const meant = spaced ?? nearest(word, lastNamesIn(cursor.scope, MOST_CANDIDATES));
  const hint =
    spaced !== null
      ? `: a minus needs spaces around it, \`${spaced}\``
      : meant === null
        ? `: define it above with \`let ${CONSTANT.test(word) ? word : 'NAME'} = …\``
        : `: did you mean \`${meant}\`?`;
  const data = meant === null ? undefined : { replacement: meant };
  errorAt(cursor, 'G010', span, `no constant is called ${quote(word)}${hint}`, data);
  return null;
}

function atom(cursor: Cursor, reading: Reading): bigint | null {
  noteCandidate(cursor, { kind: 'number' }, true);
  if (operatorAt(cursor) === '(') {
    const open = take(cursor);
    reading.depth++;
    if (reading.depth > DEEPEST) {
      errorAt(cursor, 'G004', spanOf(open), `parentheses are nested more than ${DEEPEST} deep`);
      while (operatorAt(cursor) === '(') take(cursor);
    }
    const value = sum(cursor, reading);
    reading.depth--;
    if (operatorAt(cursor) === ')') take(cursor);
    else if (reading.depth < DEEPEST) errorAt(cursor, 'G002', spanOf(open), 'this parenthesis is not closed');
    return value;
  }
  if (peek(cursor).kind === 'number') return literal(cursor);
  if (isConstant(cursor, 0)) return constant(cursor, reading);
  const token = peek(cursor);
  const found = token.kind === 'end' || token.lineStart ? 'nothing' : quote(textOf(cursor, token));
  const span = spanOf(previous(cursor));
  errorAt(cursor, 'G002', span, `expected a number after the operator, found ${found}`);
  return null;
}

const APPLY = {
  '+': (left: bigint, right: bigint) => left + right,
  '-': (left: bigint, right: bigint) => left - right,
  '*': (left: bigint, right: bigint) => left * right,
} as const;

/** Applies an operator; an intermediate result that is far out of range is an error, so that numbers stay small. */
function apply(
  cursor: Cursor,
  operator: keyof typeof APPLY,
  from: number,
  left: bigint | null,
  right: bigint | null,
) {
  if (left === null || right === null) return null;
  const value = APPLY[operator](left, right);
  if (value <= MAX_U64 && value >= -MAX_U64) return value;
  tooLarge(cursor, from);
  return null;
}

function tooLarge(cursor: Cursor, from: number): void {
  const span = { start: from, end: previous(cursor).end };
  errorAt(cursor, 'G005', span, `${quote(cursor.text.slice(span.start, span.end))} does not fit in 64 bits`);
}

function product(cursor: Cursor, reading: Reading): bigint | null {
  const from = peek(cursor).start;
  let value = atom(cursor, reading);
  while (operatorAt(cursor) === '*') {
    take(cursor);
    value = apply(cursor, '*', from, value, atom(cursor, reading));
  }
  return value;
}

function sum(cursor: Cursor, reading: Reading): bigint | null {
  const from = peek(cursor).start;
  let value = product(cursor, reading);
  for (
    let operator = operatorAt(cursor);
    operator === '+' || operator === '-';
    operator = operatorAt(cursor)
  ) {
    take(cursor);
    value = apply(cursor, operator, from, value, product(cursor, reading));
  }
  return value;
}

/** Parses the expression that starts at the current token, and reports its errors. */
export function parseExpression(cursor: Cursor): Computed {
  const { start } = peek(cursor);
  const reading: Reading = { names: [], depth: 0 };
  const value = sum(cursor, reading);
  const span = { start, end: previous(cursor).end };
  if (value === null || value >= 0n) return { span, value, names: reading.names };
  const text = quote(cursor.text.slice(span.start, span.end));
  errorAt(cursor, 'G005', span, `${text} is below 0: numbers are unsigned`);
  return { span, value: null, names: reading.names };
}
