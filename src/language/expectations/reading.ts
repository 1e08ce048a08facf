import { isPageAligned, pageOf, type Range } from '../../simulator';
import { EMPTY_RANGE, quote } from '../diagnostics/diagnostics';
import { nearest } from '../diagnostics/suggest';
import { startsStatement } from '../parse/boundaries';
import {
  atEnd,
  type Cursor,
  type ExpectationPlaceholder,
  errorAt,
  noteCandidate,
  operatorAt,
  peek,
  previous,
  spanOf,
  take,
  textOf,
  wordAt,
} from '../parse/cursor';
import { parseExpression, startsExpression } from '../parse/expression';
import { MAX_U64 } from '../parse/numbers';
import type { ExpectationItem, ExpectedName, QuantifiedExpectation, Span } from '../tree/tree';
import type { ExpectationKind, Expectations } from './expectations';
import type { Quantifier } from './quantifiers';

/** Parses the words and numbers of expectations. */

export interface Reading {
  readonly cursor: Cursor;
  /** Those of the current quantifier; `quantified` has the finished ones that need not always hold. */
  expectations: { -readonly [K in ExpectationKind]?: Expectations[K] };
  readonly quantified: QuantifiedExpectation[];
  readonly items: ExpectationItem[];
  readonly names: ExpectedName[];
  /** The first word of the current expectation. */
  word: Span;
  /** The start of its current item. */
  itemStart: number;
  /** The quantifier of the current expectation. */
  quantifier: Quantifier;
  /** Null if it is not written. */
  quantifierSpan: Span | null;
}

export function beginReading(cursor: Cursor): Reading {
  const word = spanOf(peek(cursor));
  return {
    cursor,
    expectations: {},
    quantified: [],
    items: [],
    names: [],
    word,
    itemStart: word.start,
    quantifier: 'always',
    quantifierSpan: null,
  };
}

/** Begins an expectation at the current token. */
export function beginExpectation(reading: Reading): void {
  const { cursor } = reading;
  reading.word = spanOf(peek(cursor));
  reading.itemStart = reading.quantifierSpan?.start ?? reading.word.start;
  cursor.expectation = atEnd(cursor) ? null : textOf(cursor, peek(cursor));
}

/** Records an item that has just been parsed. */
export function note<K extends ExpectationKind>(
  reading: Reading,
  kind: K,
  expectation: Expectations[K],
): void {
  const { word, itemStart: start, cursor, items, quantifier, quantifierSpan } = reading;
  items.push({
    kind,
    quantifier,
    quantifierSpan,
    word,
    span: { start, end: previous(cursor).end },
    expectations: { [kind]: expectation },
  });
}

/** Thrown to skip the rest of malformed expectations; `parseOutcome` catches it. */
export class Malformed extends Error {}

/** The largest page number that a JavaScript number represents exactly. */
const MOST_PAGES = BigInt(Number.MAX_SAFE_INTEGER);

export function fail({ cursor }: Reading, what: string, replacement?: string): never {
  const token = peek(cursor);
  const missing = token.kind === 'end' || token.lineStart;
  const found = missing ? 'the end of the line' : quote(textOf(cursor, token));
  const place = missing ? previous(cursor) : token;
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

/**
 * Takes the word if it is the next token. At the start of a line it could begin a statement, so it is taken there only
 * if a comma ends the previous line.
 */
export function takeWord({ cursor }: Reading, word: string): boolean {
  noteCandidate(cursor, { kind: 'words', words: [word] }, false);
  const startsLine = peek(cursor).lineStart && textOf(cursor, previous(cursor)) !== ',';
  if (wordAt(cursor) !== word || startsLine) return false;
  take(cursor);
  return true;
}

export function oneOf<W extends string>(reading: Reading, ...words: readonly W[]): W {
  const { cursor } = reading;
  noteCandidate(cursor, { kind: 'words', words }, true);
  const word = words.find((candidate) => takeWord(reading, candidate));
  if (word !== undefined) return word;
  const given = wordAt(cursor);
  const meant = given === null ? null : nearest(given, words);
  return fail(reading, words.map((candidate) => `\`${candidate}\``).join(' or '), meant ?? undefined);
}

/** Parses a number of at most `most`. */
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

/** A slot's id. */
export function slotId(reading: Reading): number {
  const { cursor, names } = reading;
  const { start } = peek(cursor);
  const before = names.length;
  noteCandidate(cursor, { kind: 'placeholder', what: 'ID' }, true);
  const id = small(reading, "the slot's id");
  const span = { start, end: previous(cursor).end };
  // Goes before the constants in its number.
  names.splice(before, 0, { kind: 'name', span, text: String(id), role: 'slot' });
  return id;
}

/** A small number: a count, an ASID. */
export const small = (reading: Reading, what: string) => Number(number(reading, what, MOST_PAGES));

export function address(reading: Reading): bigint {
  noteCandidate(reading.cursor, { kind: 'placeholder', what: 'GPA' }, true);
  return number(reading, 'a guest physical address', MAX_U64);
}

/** A page, given by its number, or after `gpa` by its address in bytes. */
export function page(
  reading: Reading,
  what: string,
  label: string,
  placeholder: ExpectationPlaceholder = 'RANGE',
): number {
  noteCandidate(reading.cursor, { kind: 'placeholder', what: placeholder }, true);
  if (label !== 'gpa') return small(reading, what);
  const { cursor } = reading;
  const first = peek(cursor);
  const bytes = number(reading, what, MAX_U64);
  if (isPageAligned(bytes)) return pageOf(bytes);
  const span = { start: first.start, end: previous(cursor).end };
  errorAt(cursor, 'G012', span, 'the address is not a multiple of 4K: expected the address of a page');
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

/** After an error, continues at the next line or brace. */
function skipLine({ cursor }: Reading): void {
  while (!atEnd(cursor) && !peek(cursor).lineStart && operatorAt(cursor) !== '}') take(cursor);
}

/** Takes a comma if the text after it continues the same list. */
export function takeComma(reading: Reading, continues: () => boolean): boolean {
  const { cursor } = reading;
  if (operatorAt(cursor) !== ',') return false;
  cursor.index++;
  if (continues()) {
    reading.itemStart = peek(cursor).start;
    return true;
  }
  cursor.index--;
  return false;
}

/**
 * Parses items that are separated by commas. Returns whether they are well-formed; if not, the rest of the line is skipped.
 * @param what An item, as messages call it.
 */
export function parseList(reading: Reading, what: string, parseItem: () => void): boolean {
  const { cursor } = reading;
  try {
    do parseItem();
    while (takeComma(reading, () => true));
    const rest = peek(cursor);
    const ends =
      rest.kind === 'end' || rest.lineStart || operatorAt(cursor) === '}' || startsStatement(cursor) !== null;
    if (!ends) fail(reading, `\`,\` before the next ${what}, or the end of the line`);
    return true;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    skipLine(reading);
    return false;
  }
}
