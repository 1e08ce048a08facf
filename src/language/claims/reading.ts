import type { Range } from '../../simulator/ranges';
import { isPageAligned, pageOf } from '../../simulator/units';
import {
  type Cursor,
  errorAt,
  expectHere,
  operatorAt,
  peek,
  previous,
  spanOf,
  take,
  textOf,
  wordAt,
} from '../cursor';
import { EMPTY_RANGE, quote } from '../diagnostics';
import { parseExpression, startsExpression } from '../expression';
import { MAX_U64 } from '../numbers';
import { nearest } from '../suggest';
import type { NameNode } from '../tree';
import type { ClaimKind, Claims } from './claims';

/** Reading the words and numbers of an outcome. */

export interface Reading {
  readonly cursor: Cursor;
  readonly claims: { -readonly [K in ClaimKind]?: Claims[K] };
  readonly names: (NameNode & { role: 'file' | 'constant' })[];
}

/** Thrown past the rest of an outcome in which something is wrong; `parseOutcome` catches it. */
export class Malformed extends Error {}

/** Page numbers have to be numbers that are exact. */
const MOST_PAGES = BigInt(Number.MAX_SAFE_INTEGER);

export function fail({ cursor }: Reading, what: string, replacement?: string): never {
  const token = peek(cursor);
  const missing = token.kind === 'end' || token.lineStart;
  const found = missing ? 'the end of the line' : quote(textOf(cursor, token));
  const place = missing ? cursor.tokens[Math.max(0, cursor.index - 1)]! : token;
  const hint = replacement === undefined ? '' : `: did you mean \`${replacement}\`?`;
  errorAt(
    cursor,
    'G012',
    spanOf(place),
    `expected ${what}, found ${found}${hint}`,
    replacement === undefined ? undefined : { replacement },
  );
  throw new Malformed();
}

/** Takes the word if it is the next; it may not begin a line, where a statement could be meant. */
export function takeWord({ cursor }: Reading, word: string): boolean {
  if (wordAt(cursor) !== word || peek(cursor).lineStart) return false;
  take(cursor);
  return true;
}

export function oneOf<W extends string>(reading: Reading, ...words: readonly W[]): W {
  const { cursor } = reading;
  const docs = words.map((word) => ({ word, doc: '' }));
  expectHere(cursor, { kind: 'words', words: docs }, true);
  const word = words.find((candidate) => takeWord(reading, candidate));
  if (word !== undefined) return word;
  const given = wordAt(cursor);
  const meant = given === null ? null : nearest(given, words);
  return fail(reading, words.map((candidate) => `\`${candidate}\``).join(' or '), meant ?? undefined);
}

/** A number that fits its place. */
export function number(reading: Reading, what: string, most: bigint): bigint {
  const { cursor } = reading;
  if (!startsExpression(cursor)) return fail(reading, what);
  const { value, span, names } = parseExpression(cursor);
  for (const name of names) reading.names.push({ ...name, role: 'constant' });
  if (value === null) throw new Malformed();
  if (value <= most) return value;
  errorAt(cursor, 'G012', span, `${quote(cursor.text.slice(span.start, span.end))} is too large for ${what}`);
  throw new Malformed();
}

/** A small number: a slot's id, a count. */
export const small = (reading: Reading, what: string) => Number(number(reading, what, MOST_PAGES));
export const address = (reading: Reading) => number(reading, 'a guest physical address', MAX_U64);

/** A page, by its number or, behind `gpa`, by its address. */
export function page(reading: Reading, what: string, label: string): number {
  if (label !== 'gpa') return small(reading, what);
  const { cursor } = reading;
  const first = peek(cursor);
  const bytes = number(reading, what, MAX_U64);
  if (isPageAligned(bytes)) return pageOf(bytes);
  const span = { start: first.start, end: previous(cursor).end };
  errorAt(cursor, 'G012', span, 'this is no multiple of 4K: what is claimed here are pages');
  throw new Malformed();
}

/** `0x80000..0x80002`, or one page. */
export function range(reading: Reading, what: string, label = 'gfn'): Range {
  const { cursor } = reading;
  const first = peek(cursor);
  const start = page(reading, what, label);
  if (operatorAt(cursor) !== '..') return { start, end: start + 1 };
  take(cursor);
  const end = page(reading, `the end of the range, ${what}`, label);
  if (end > start) return { start, end };
  errorAt(cursor, 'G011', { start: first.start, end: previous(cursor).end }, EMPTY_RANGE);
  throw new Malformed();
}

/** Whether a comma goes on with another item of the same list, judged by what stands behind it. */
export function takeComma({ cursor }: Reading, goesOn: () => boolean): boolean {
  if (operatorAt(cursor) !== ',') return false;
  cursor.index++;
  if (goesOn()) return true;
  cursor.index--;
  return false;
}
