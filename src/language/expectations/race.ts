import { nearest } from '../diagnostics/suggest';
import { type Cursor, errorAt, noteCandidate, peek, previous, spanOf, take, wordAt } from '../parse/cursor';
import type { RaceExpectationItem, RaceExpectationNode } from '../tree/tree';
import { QUANTIFIER_WORDS, type Quantifier, VIOLATION_WORDS, type Violation } from './quantifiers';
import { beginReading, fail, Malformed, parseList, type Reading } from './reading';

/** Parses the expectation of a race, behind its `}`: `never STALE, sometimes WARN`. */

function parseItem(reading: Reading): RaceExpectationItem {
  const { cursor } = reading;
  noteCandidate(cursor, { kind: 'race-expectation', quantified: false }, true);
  const first = spanOf(peek(cursor));
  const quantifier = takeQuantifier(cursor);
  if (quantifier !== null) noteCandidate(cursor, { kind: 'race-expectation', quantified: true }, true);
  const given = wordAt(cursor);
  const what = VIOLATION_WORDS.find((word) => word === given);
  if (what === undefined) return failItem(reading, quantifier !== null, given);
  const word = spanOf(take(cursor));
  return {
    quantifier: quantifier ?? 'always',
    quantifierSpan: quantifier === null ? null : first,
    what,
    word,
    span: { start: first.start, end: word.end },
  };
}

function failItem(reading: Reading, quantified: boolean, given: string | null): never {
  const words = [...(quantified ? [] : QUANTIFIER_WORDS), ...VIOLATION_WORDS];
  const list = VIOLATION_WORDS.map((word) => `\`${word}\``)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
  const what = quantified ? list : `what the race expects, for instance \`never STALE\` (${list})`;
  return fail(reading, what, (given === null ? null : nearest(given, words)) ?? undefined);
}

/** Takes `always`, `never` or `sometimes` if it is the current token. */
export function takeQuantifier(cursor: Cursor): Quantifier | null {
  const given = wordAt(cursor);
  const quantifier = QUANTIFIER_WORDS.find((word) => word === given);
  if (quantifier === undefined) return null;
  take(cursor);
  return quantifier;
}

/** Takes an item; each violation is listed once. */
function addItem(reading: Reading, items: RaceExpectationItem[]): void {
  const item = parseItem(reading);
  const known: readonly Violation[] = items.map(({ what }) => what);
  if (known.includes(item.what)) {
    errorAt(reading.cursor, 'G012', item.word, `\`${item.what}\` is already listed`);
    throw new Malformed();
  }
  items.push(item);
}

/** Parses the expectation after the current token, an arrow. It may continue on the next line after a comma. */
export function parseRaceExpectation(cursor: Cursor): RaceExpectationNode {
  const arrow = take(cursor);
  const reading = beginReading(cursor);
  const items: RaceExpectationItem[] = [];
  const wellFormed = parseList(reading, 'word', () => addItem(reading, items));
  return { span: { start: arrow.start, end: previous(cursor).end }, items, wellFormed };
}
