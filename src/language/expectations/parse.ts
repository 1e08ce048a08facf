import type { Level, Range, RootKind, Unreadable } from '../../simulator';
import { nearest } from '../diagnostics/suggest';
import {
  type Cursor,
  errorAt,
  noteCandidate,
  peek,
  previous,
  spanOf,
  take,
  textOf,
  wordAt,
} from '../parse/cursor';
import { startsExpression } from '../parse/expression';
import { MAX_U64 } from '../parse/numbers';
import type { ExpectationNode } from '../tree/tree';
import type {
  ExitExpectation,
  ExpectationKind,
  Expectations,
  FilePagesExpectation,
  LeafExpectation,
  ObservedOutcome,
  RootGfnsExpectation,
  ZapExpectation,
} from './expectations';
import { QUANTIFIER_WORDS } from './quantifiers';
import { takeQuantifier } from './race';
import {
  address,
  beginExpectation,
  beginReading,
  fail,
  Malformed,
  note,
  number,
  oneOf,
  page,
  parseList,
  type Reading,
  range,
  slotId,
  small,
  takeComma,
  takeWord,
} from './reading';
import { EXPECTATIONS, expectationSpec, INSTRUCTIONS, UNREADABLE } from './table';

/** Parses the expectations after `=>`, which are separated by commas. */

/** Whether a number follows that is neither the count of `2 faults` nor the level of `2M gfn …`. */
function isPlainNumber({ cursor }: Reading): boolean {
  if (startsRoot(cursor)) return false;
  const word = wordAt(cursor);
  if (!startsExpression(cursor) || (word !== null && startsItem(word))) return false;
  // On another line, `fault` is the next statement.
  const next = peek(cursor, 1).lineStart ? null : wordAt(cursor, 1);
  return next !== 'faults' && next !== 'fault' && !isGfnLabel(next);
}

/** Whether a word begins an expectation, or its quantifier. */
function startsItem(word: string): boolean {
  return expectationSpec(word) !== undefined || (QUANTIFIER_WORDS as readonly string[]).includes(word);
}

const LEVELS: Readonly<Record<string, Level>> = { '4K': 1, '2M': 2, '1G': 3 };
const LEVEL_WORDS = Object.keys(LEVELS);

const ROOTS: readonly RootKind[] = ['mirror', 'direct'];

/** `mirror gfn` or `mirror 2M gfn`; the word alone may be a constant. */
function startsRoot(cursor: Cursor): boolean {
  const isRoot = ROOTS.some((word) => word === wordAt(cursor));
  return isRoot && (isGfnLabel(wordAt(cursor, 1)) || isGfnLabel(wordAt(cursor, 2)));
}

/** The kind of root, before the size of entries. */
function root(reading: Reading): { readonly root?: RootKind } {
  const found = ROOTS.find((word) => takeWord(reading, word));
  return found === undefined ? {} : { root: found };
}

function isGfnLabel(word: string | null): boolean {
  return word === 'gfn' || word === 'gpa';
}

/** The level of entries, before `gfn`. */
function level({ cursor }: Reading): Level | null {
  noteCandidate(cursor, { kind: 'words', words: LEVEL_WORDS }, false);
  const token = peek(cursor);
  const found = token.kind === 'number' ? LEVELS[textOf(cursor, token)] : undefined;
  if (found === undefined || !isGfnLabel(wordAt(cursor, 1))) return null;
  take(cursor);
  return found;
}

function gfns(reading: Reading): Range {
  return range(reading, 'a gfn', oneOf(reading, 'gfn', 'gpa'));
}

function rootGfns(reading: Reading): RootGfnsExpectation {
  const within = root(reading);
  return { ...gfns(reading), ...within };
}

function leaves(reading: Reading, slot: number | null): ZapExpectation['leaves'] {
  const found: ZapExpectation['leaves'][number][] = [];
  do {
    const within = root(reading);
    const at = level(reading) ?? 1;
    const label = oneOf(reading, 'gfn', 'gpa');
    do {
      const one = { ...range(reading, 'a gfn', label), level: at, ...within };
      note(reading, 'zapped', [{ slot, leaves: [one] }]);
      found.push(one);
    } while (takeComma(reading, () => isPlainNumber(reading)));
  } while (takeComma(reading, () => startsLeaves(reading)));
  return found;
}

function startsLeaves({ cursor }: Reading): boolean {
  if (startsRoot(cursor)) return true;
  return isGfnLabel(wordAt(cursor)) || (peek(cursor).kind === 'number' && isGfnLabel(wordAt(cursor, 1)));
}

function zap(reading: Reading): ZapExpectation {
  if (takeWord(reading, 'all')) {
    oneOf(reading, 'roots');
    const all = { slot: null, leaves: [] };
    note(reading, 'zapped', [all]);
    return all;
  }
  if (startsLeaves(reading)) return { slot: null, leaves: leaves(reading, null) };
  // `gfn` is handled above; it is listed here for the message and for completion.
  oneOf(reading, 'slot', 'gfn');
  const slot = slotId(reading);
  return { slot, leaves: leaves(reading, slot) };
}

function startsZap({ cursor }: Reading): boolean {
  return wordAt(cursor) === 'slot' || (wordAt(cursor) === 'all' && wordAt(cursor, 1) === 'roots');
}

function zapped(reading: Reading): readonly ZapExpectation[] {
  const zaps: ZapExpectation[] = [];
  do zaps.push(zap(reading));
  while (takeComma(reading, () => startsZap(reading)));
  return zaps;
}

function leaf(reading: Reading): LeafExpectation {
  const within = root(reading);
  const at = level(reading);
  const where = gfns(reading);
  const rights = ['rwx', 'r-x'].find((word) => takeWord(reading, word)) ?? null;
  return { ...where, level: at, rights, ...within };
}

/** Expectations about pages of files. */
type PagesKind = 'freed' | 'allocated' | 'poisoned';

function filePages(reading: Reading, kind: PagesKind): FilePagesExpectation {
  const { cursor } = reading;
  noteCandidate(cursor, { kind: 'placeholder', what: 'FILE' }, true);
  const file = wordAt(cursor);
  if (file === null) return fail(reading, "the guest_memfd file's name");
  reading.names.push({ kind: 'name', span: spanOf(take(cursor)), text: file, role: 'file' });
  oneOf(reading, 'pages', 'page');
  const pages: Range[] = [];
  do {
    const one = range(reading, 'a page of the file');
    note(reading, kind, [{ file, pages: [one] }]);
    pages.push(one);
  } while (takeComma(reading, () => isPlainNumber(reading)));
  return { file, pages };
}

const COUNT = /^(\d{1,9})[x×](4K|2M)$/;

function counted(reading: Reading, what: string): { entries: number; level: 1 | 2 } {
  const { cursor } = reading;
  noteCandidate(cursor, { kind: 'placeholder', what: 'COUNTxLEVEL' }, true);
  const match = COUNT.exec(textOf(cursor, peek(cursor)));
  if (match === null) return fail(reading, what);
  take(cursor);
  return { entries: Number(match[1]), level: match[2] === '2M' ? 2 : 1 };
}

function rmp(reading: Reading) {
  const { entries, level: size } = counted(reading, 'a number of entries, as in `512x4K`');
  takeArrow(reading);
  const to = oneOf(reading, 'private', 'shared', 'reclaim', 'firmware', 'VMSA');
  const asid = takeWord(reading, 'ASID') ? asidOf(reading) : null;
  return { entries, level: size, to, asid };
}

function asidOf(reading: Reading): number {
  noteCandidate(reading.cursor, { kind: 'placeholder', what: 'N' }, true);
  return small(reading, 'an ASID');
}

/** Skips the arrow of inline texts, which scenarios leave out. */
function takeArrow({ cursor }: Reading): void {
  if (textOf(cursor, peek(cursor)) === '→') take(cursor);
}

function exit(reading: Reading): ExitExpectation {
  const reason = oneOf(reading, 'memory-fault', 'mmio', 'hypercall', 'internal-error', 'fail-entry');
  if (reason === 'internal-error' || reason === 'fail-entry') return { reason };
  const what = reason === 'mmio' ? oneOf(reading, 'read', 'write') : oneOf(reading, 'private', 'shared');
  const gpa = takeWord(reading, 'gpa') ? address(reading) : null;
  return reason === 'mmio'
    ? { reason, write: what === 'write', gpa }
    : { reason, private: what === 'private', gpa };
}

const VECTORS = ['VC', 'VE', 'UD'] as const;

function guest(reading: Reading) {
  const vector = oneOf(reading, ...VECTORS);
  return { vector, gfn: takeWord(reading, 'gfn') ? page(reading, 'a gfn', 'gfn', 'GFN') : null };
}

const NAMED_RESULT = /^[A-Z][A-Z_]+$|^unchanged$/;

function instruction(reading: Reading, name: string) {
  const { cursor } = reading;
  noteCandidate(cursor, { kind: 'placeholder', what: 'RESULT' }, true);
  const result = wordAt(cursor);
  if (result === null || !NAMED_RESULT.test(result))
    return fail(reading, 'the result of the instruction, for instance `SUCCESS`');
  take(cursor);
  return { name, result };
}

/** The number of entries of a `PSMASH`. */
function psmash(reading: Reading): number {
  const { cursor } = reading;
  const text = textOf(cursor, peek(cursor));
  let count = 1;
  if (text === '2M') take(cursor);
  else if (COUNT.test(text)) count = counted(reading, 'a number of entries').entries;
  takeArrow(reading);
  if (textOf(cursor, peek(cursor)).match(/^512[x×]4K$/)) take(cursor);
  return count;
}

type ListKind = {
  [K in ExpectationKind]: ObservedOutcome[K] extends readonly unknown[] ? K : never;
}[ExpectationKind];

/** Appends what `read` parses to a list; `nothing` makes the list empty. */
function extend<K extends ListKind>(
  reading: Reading,
  kind: K,
  read: () => NonNullable<Expectations[K]>,
): void {
  const { expectations } = reading;
  const before = (expectations[kind] ?? []) as readonly unknown[];
  const isNothing = takeWord(reading, 'nothing');
  const more = isNothing ? [] : (read() as readonly unknown[]);
  if (isNothing) note(reading, kind, [] as unknown as Expectations[K]);
  Object.assign(expectations, { [kind]: [...before, ...more] });
}

/** Appends an item to a list; `nothing` makes the list empty. */
function addTo<K extends ListKind>(
  reading: Reading,
  kind: K,
  item: () => NonNullable<Expectations[K]>[number],
): void {
  extend(reading, kind, () => {
    const one = [item()] as unknown as NonNullable<Expectations[K]>;
    note(reading, kind, one);
    return one;
  });
}

/** Sets an expectation that is allowed only once. */
function set<K extends ExpectationKind>(reading: Reading, kind: K, value: Expectations[K]): void {
  const { expectations, cursor } = reading;
  if (expectations[kind] !== undefined) {
    errorAt(cursor, 'G012', spanOf(previous(cursor)), 'an expectation of this kind is already listed');
    throw new Malformed();
  }
  note(reading, kind, value);
  Object.assign(expectations, { [kind]: value });
}

function no(reading: Reading): void {
  const what = oneOf(reading, 'flush', 'exit', 'retry', 'WARN');
  if (what === 'exit') set(reading, 'exit', null);
  else if (what === 'retry') set(reading, 'retried', false);
  else set(reading, what === 'flush' ? 'flush' : 'warn', false);
}

function skippedSlot(reading: Reading): number {
  oneOf(reading, 'slot');
  return slotId(reading);
}

function sigbus(reading: Reading) {
  oneOf(reading, 'slot');
  const slot = slotId(reading);
  const label = oneOf(reading, 'gfn', 'gpa');
  return { slot, gfn: page(reading, 'a gfn', label, label === 'gfn' ? 'GFN' : 'GPA') };
}

function addMmio(reading: Reading): void {
  takeWord(reading, 'SPTE');
  addTo(reading, 'mmio', () => rootGfns(reading));
}

function bytes(reading: Reading): bigint {
  noteCandidate(reading.cursor, { kind: 'placeholder', what: 'BYTES' }, true);
  return number(reading, 'a number of bytes', MAX_U64);
}

/** The entries that KVM smashes; with a result, what the instruction returns to a host that executes it itself. */
function smash(reading: Reading): void {
  const { cursor } = reading;
  const isInstruction = wordAt(cursor) !== null && !peek(cursor).lineStart;
  if (isInstruction) set(reading, 'instruction', instruction(reading, 'PSMASH'));
  else set(reading, 'psmash', psmash(reading));
}

const MOST_READ = (1n << 32n) - 1n;

function read(reading: Reading): number | Unreadable {
  const { cursor } = reading;
  noteCandidate(cursor, { kind: 'placeholder', what: 'VALUE' }, false);
  const word = wordAt(cursor);
  const isWord = word !== null && (UNREADABLE as readonly string[]).includes(word);
  if (!isWord && startsExpression(cursor)) return Number(number(reading, 'four bytes', MOST_READ));
  return oneOf(reading, ...UNREADABLE);
}

type ParseExpectation = (reading: Reading, word: string) => void;

const leafExpectations =
  (kind: 'mapped' | 'rewrote'): ParseExpectation =>
  (reading) =>
    addTo(reading, kind, () => leaf(reading));

const pageExpectations =
  (kind: PagesKind): ParseExpectation =>
  (reading) =>
    extend(reading, kind, () => [filePages(reading, kind)]);

const attributeExpectations =
  (to: 'private' | 'shared'): ParseExpectation =>
  (reading) =>
    addTo(reading, 'attributes', () => ({ to, ...gfns(reading) }));

const named: ParseExpectation = (reading, word) => set(reading, 'instruction', instruction(reading, word));
const ended: ParseExpectation = (reading, word) => set(reading, 'result', word);

/** A name from the kernel: the label of a step, or a lock. */
function kernelName(reading: Reading, what: 'STEP' | 'LOCK', example: string): string {
  const { cursor } = reading;
  noteCandidate(cursor, { kind: 'placeholder', what }, true);
  const name = peek(cursor).lineStart ? null : wordAt(cursor);
  if (name === null) return fail(reading, example);
  take(cursor);
  return name;
}

function suspended(reading: Reading): void {
  oneOf(reading, 'at');
  set(
    reading,
    'result',
    `suspended at ${kernelName(reading, 'STEP', 'the label of a step, for instance `FA7`')}`,
  );
}

function blocked(reading: Reading): void {
  oneOf(reading, 'on');
  set(reading, 'result', `blocked on ${lockName(reading)}`);
}

const lockName = (reading: Reading) => kernelName(reading, 'LOCK', 'a lock, for instance `mmu_lock`');

/** Parses what follows the first word of each expectation; a word without an entry is a result. */
const PARSERS: ReadonlyMap<string, ParseExpectation> = new Map<string, ParseExpectation>(
  Object.entries({
    no,
    zapped: (reading) => extend(reading, 'zapped', () => zapped(reading)),
    skipped: (reading) => addTo(reading, 'skipped', () => skippedSlot(reading)),
    mapped: leafExpectations('mapped'),
    rewrote: leafExpectations('rewrote'),
    MMIO: addMmio,
    STALE: (reading) => addTo(reading, 'stale', () => rootGfns(reading)),
    freed: pageExpectations('freed'),
    allocated: pageExpectations('allocated'),
    poisoned: pageExpectations('poisoned'),
    SIGBUS: (reading) => addTo(reading, 'sigbus', () => sigbus(reading)),
    private: attributeExpectations('private'),
    shared: attributeExpectations('shared'),
    converted: (reading) => addTo(reading, 'attributes', () => fail(reading, '`nothing`')),
    RMP: (reading) => addTo(reading, 'rmp', () => rmp(reading)),
    PSMASH: smash,
    guest: (reading) => addTo(reading, 'guest', () => guest(reading)),
    exit: (reading) => set(reading, 'exit', exit(reading)),
    read: (reading) => set(reading, 'read', read(reading)),
    left: (reading) => set(reading, 'left', bytes(reading)),
    suspended,
    blocked,
    waited: (reading) => addTo(reading, 'waited', () => lockName(reading)),
    retried: (reading) => set(reading, 'retried', true),
    flush: (reading) => set(reading, 'flush', true),
    WARN: (reading) => set(reading, 'warn', true),
    unaccepted: (reading) => addTo(reading, 'unaccepted', () => gfns(reading)),
    ...Object.fromEntries(INSTRUCTIONS.map((name) => [name, named])),
  }),
);

const STARTS = EXPECTATIONS.flatMap(({ words }) => words);

const ANY_EXPECTATION = 'an outcome, for instance `EINVAL`, `zapped slot 0 gfn 0x80000` or `flush`';

function parseExpectation(reading: Reading): void {
  const { cursor } = reading;
  cursor.expectation = null;
  noteCandidate(cursor, { kind: 'expectation', race: cursor.race }, true);
  beginExpectation(reading);
  const word = wordAt(cursor);
  if (word !== null && expectationSpec(word) !== undefined) {
    take(cursor);
    const parseRest = PARSERS.get(word) ?? ended;
    parseRest(reading, word);
  } else if (peek(cursor).kind === 'number') {
    const count = small(reading, 'a number of faults');
    oneOf(reading, 'faults', 'fault');
    set(reading, 'faults', count);
  } else {
    fail(
      reading,
      ANY_EXPECTATION,
      (word === null ? null : nearest(word, [...STARTS, ...QUANTIFIER_WORDS])) ?? undefined,
    );
  }
}

/** Parses an expectation with its quantifier. */
function parseQuantified(reading: Reading): void {
  const { cursor } = reading;
  if (cursor.race !== null) noteCandidate(cursor, { kind: 'quantifier' }, false);
  const first = spanOf(peek(cursor));
  const quantifier = takeQuantifier(cursor);
  reading.quantifier = quantifier ?? 'always';
  reading.quantifierSpan = quantifier === null ? null : first;
  if (quantifier === null || quantifier === 'always') {
    parseExpectation(reading);
    return;
  }
  const { expectations: always } = reading;
  reading.expectations = {};
  parseExpectation(reading);
  const span = { start: first.start, end: previous(cursor).end };
  reading.quantified.push({ quantifier, expectations: reading.expectations, span });
  reading.expectations = always;
}

/** Parses the expectations after the current token, an arrow. They may continue on the next line after a comma. */
export function parseOutcome(cursor: Cursor): ExpectationNode {
  const arrow = take(cursor);
  const reading = beginReading(cursor);
  const wellFormed = parseList(reading, 'expectation', () => parseQuantified(reading));
  const { expectations, quantified, items, names } = reading;
  const span = { start: arrow.start, end: previous(cursor).end };
  return { span, expectations, quantified, items, names, wellFormed };
}
