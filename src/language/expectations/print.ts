/** Prints expectations, for `=>` in a scenario and for inline texts. */
import type { QuantifiedExpectation } from '../tree/tree';
import {
  EXPECTATION_KINDS,
  type ExitExpectation,
  type ExpectationKind,
  type Expectations,
  type LeafExpectation,
  type RootGfnsExpectation,
  type ZapExpectation,
} from './expectations';
import { filePagesText, gfnText, hex, levelText, rangeText } from './words';

type Printer<K extends ExpectationKind> = (expectation: NonNullable<Expectations[K]>) => readonly string[];

/** Prints `nothing` for an empty list. */
function listOf<T>(verb: string, print: (item: T) => string): (items: readonly T[]) => readonly string[] {
  return (items) =>
    items.length === 0 ? [`${verb} nothing`] : items.map((item) => `${verb} ${print(item)}`);
}

function exitText(exit: ExitExpectation): string {
  if (!('gpa' in exit)) return `exit ${exit.reason}`;
  const gpa = exit.gpa === null ? '' : ` gpa ${hex(exit.gpa)}`;
  const what = exit.reason === 'mmio' ? (exit.write ? 'write' : 'read') : exit.private ? 'private' : 'shared';
  return `exit ${exit.reason} ${what}${gpa}`;
}

/** `gfn 0x80000..0x80002, 0x80004`, with the level of entries that are larger than 4K. */
export function leavesText(leaves: ZapExpectation['leaves']): string {
  return leaves
    .map((leaf, at) => {
      const level = leaf.level === 1 ? '' : `${levelText(leaf.level)} `;
      const root = leaf.root === undefined ? '' : `${leaf.root} `;
      const before = leaves[at - 1];
      const follows = before?.level === leaf.level && before.root === leaf.root;
      return follows ? rangeText(leaf) : `${root}${level}${gfnText(leaf)}`;
    })
    .join(', ');
}

/** `mirror gfn 0x80000..0x80002`; the root only on TDX. */
export function rootGfnsText({ root, ...range }: RootGfnsExpectation): string {
  return root === undefined ? gfnText(range) : `${root} ${gfnText(range)}`;
}

function zapTexts(zaps: readonly ZapExpectation[]): readonly string[] {
  if (zaps.length === 0) return ['zapped nothing'];
  return zaps.map(({ slot, leaves }, at) => {
    const isAll = slot === null && leaves.length === 0;
    const what = isAll ? 'all roots' : `${slot === null ? '' : `slot ${slot} `}${leavesText(leaves)}`;
    return at === 0 ? `zapped ${what}` : what;
  });
}

function leafText({ level, rights, root, ...range }: LeafExpectation): string {
  return [root ?? null, level === null ? null : levelText(level), gfnText(range), rights]
    .filter((word) => word !== null)
    .join(' ');
}

const PRINTERS: { readonly [K in ExpectationKind]: Printer<K> } = {
  result: (result) => [result],
  left: (bytes) => [`left ${hex(bytes)}`],
  exit: (exit) => [exitText(exit)],
  waited: listOf('waited', (lock) => lock),
  retried: (retried) => [retried ? 'retried' : 'no retry'],
  zapped: zapTexts,
  skipped: (slots) =>
    slots.length === 0 ? ['skipped nothing'] : slots.map((slot) => `skipped slot ${slot}`),
  mapped: listOf('mapped', leafText),
  rewrote: listOf('rewrote', leafText),
  mmio: listOf('MMIO SPTE', rootGfnsText),
  stale: listOf('STALE', rootGfnsText),
  freed: listOf('freed', ({ file, pages }) => `${file} ${filePagesText(pages)}`),
  allocated: listOf('allocated', ({ file, pages }) => `${file} ${filePagesText(pages)}`),
  poisoned: listOf('poisoned', ({ file, pages }) => `${file} ${filePagesText(pages)}`),
  sigbus: listOf('SIGBUS', ({ slot, gfn }) => `slot ${slot} gfn ${hex(gfn)}`),
  attributes: (ranges) =>
    ranges.length === 0 ? ['converted nothing'] : ranges.map((range) => `${range.to} ${gfnText(range)}`),
  unaccepted: listOf('unaccepted', gfnText),
  rmp: listOf(
    'RMP',
    ({ entries, level, to, asid }) =>
      `${entries}×${levelText(level)} → ${to}${asid === null ? '' : ` ASID ${asid}`}`,
  ),
  psmash: (count) => [count === 1 ? 'PSMASH 2M → 512×4K' : `PSMASH ${count}×2M → 512×4K`],
  instruction: ({ name, result }) => [`${name} ${result}`],
  guest: listOf('guest', ({ vector, gfn }) => `#${vector}${gfn === null ? '' : ` gfn ${hex(gfn)}`}`),
  read: (value) => [`read ${typeof value === 'number' ? hex(value) : value}`],
  faults: (count) => [`${count} fault${count === 1 ? '' : 's'}`],
  flush: (flush) => [flush ? 'flush' : 'no flush'],
  warn: (warn) => [warn ? 'WARN' : 'no WARN'],
};

/** One phrase for each expectation of a kind. */
export function expectationPhrases<K extends ExpectationKind>(
  kind: K,
  expectation: Expectations[K],
): readonly string[] {
  if (expectation === undefined) return [];
  if (expectation === null) return ['no exit'];
  return (PRINTERS[kind] as Printer<K>)(expectation);
}

/** The result of smashing a 2M entry, which expectations leave out. */
const SMASHED = / (?:2M )?→ 512×4K$/;

/** Replaces the signs of inline texts with characters that keyboards have. */
function typed(text: string): string {
  return text.replace(SMASHED, '').replaceAll('×', 'x').replaceAll(' →', '').replaceAll('#', '');
}

/** The expectations as written in a scenario, one per element. */
export function expectationLines(expectations: Expectations): readonly string[] {
  return EXPECTATION_KINDS.flatMap((kind) => expectationPhrases(kind, expectations[kind])).map(typed);
}

/** The expectations as written after `=>`; those with a quantifier come last. */
export function printExpectations(
  expectations: Expectations,
  quantified: readonly Omit<QuantifiedExpectation, 'span'>[] = [],
): string {
  const others = quantified.map(
    ({ quantifier, expectations: one }) => `${quantifier} ${expectationLines(one).join(', ')}`,
  );
  return [...expectationLines(expectations), ...others].join(', ');
}
