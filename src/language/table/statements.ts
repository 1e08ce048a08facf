import { MEMORY_STATEMENTS } from './memory';
import { RACE_STATEMENTS } from './races';
import { SNP_STATEMENTS } from './snp';
import { STRUCTURE_STATEMENTS } from './structure';
import {
  argumentLabels,
  argumentsOf,
  type FlagPart,
  type Part,
  type StatementSpec,
  type WordDoc,
} from './syntax';
import { TDX_STATEMENTS } from './tdx';
import { AS, UNTIL } from './vocabulary';

/**
 * The table of statements, the only description of the language: the parser, completion, hovers, highlighting and the
 * reference are derived from the files of `table/`.
 */

export { isVmType, VM_TYPES } from './memory';

const VM_STATEMENTS = [...MEMORY_STATEMENTS, ...SNP_STATEMENTS, ...TDX_STATEMENTS] as const;

type Structure = (typeof STRUCTURE_STATEMENTS)[number];
type Spec = (typeof VM_STATEMENTS)[number] | (typeof RACE_STATEMENTS)[number] | Structure;

export type Keyword = Spec['keyword'];

/** The row of the table for a keyword, as a literal type. */
export type SpecOf<K extends Keyword> = Extract<Spec, { keyword: K }>;

type PartOf<K extends Keyword> = SpecOf<K>['required' | 'options'][number];

/** Names of the choices of a statement, optional ones included. */
export type ChoiceName<K extends Keyword = Keyword> = Extract<PartOf<K>, { name: string }>['name'];

/** The words of a choice. */
export type ChoiceWord<N extends string, K extends Keyword = Keyword> =
  Extract<PartOf<K>, { name: N }> extends { words: readonly WordDoc<infer W extends string>[] } ? W : never;

export type FlagWord<K extends Keyword = Keyword> = Extract<PartOf<K>, FlagPart>['word'];

type VmKeyword = (typeof VM_STATEMENTS)[number]['keyword'];

/** Whether the call of a statement can suspend: it cannot if it runs no procedure, or changes the VM that the scenario is at. */
const CAN_SUSPEND: Readonly<Record<VmKeyword, boolean>> = {
  kernel: false,
  vm: false,
  switch: false,
  gmem: true,
  slot: true,
  delete: true,
  move: true,
  convert: true,
  fault: true,
  prefault: true,
  allocate: true,
  punch: true,
  truncate: true,
  close: true,
  poison: true,
  discard: true,
  host: true,
  'launch-update': true,
  'launch-finish': true,
  psc: true,
  pvalidate: true,
  rmpadjust: true,
  rmpquery: true,
  rmpupdate: true,
  psmash: true,
  rmpread: true,
  accept: true,
};

/** The statement with the words that make its call suspend, if it can. */
function withStops(spec: StatementSpec<VmKeyword>): StatementSpec<Keyword> {
  return CAN_SUSPEND[spec.keyword] ? { ...spec, common: [UNTIL, AS] } : spec;
}

const TABLE: readonly StatementSpec<Keyword>[] = [
  ...VM_STATEMENTS.map(withStops),
  ...RACE_STATEMENTS,
  ...STRUCTURE_STATEMENTS,
];

/** All statements, in the order of the reference. */
export const STATEMENTS: readonly StatementSpec<Keyword>[] = TABLE;

const BY_KEYWORD: ReadonlyMap<string, StatementSpec<Keyword>> = new Map(
  TABLE.map((spec) => [spec.keyword, spec]),
);

/** The statement that starts with this word. */
export function statementSpec(word: string): StatementSpec<Keyword> | undefined {
  return BY_KEYWORD.get(word);
}

/** Statements that make no call. */
type SilentKeyword = 'kernel' | 'race' | 'task' | Structure['keyword'];

const SILENT: Readonly<Record<SilentKeyword, true>> = {
  kernel: true,
  let: true,
  scenario: true,
  race: true,
  task: true,
};

export type CallKeyword = Exclude<Keyword, SilentKeyword>;

export function isSilent(keyword: Keyword): keyword is SilentKeyword {
  return Object.hasOwn(SILENT, keyword);
}

/** The labels of arguments: `gpa` or `gfn`, `size` or `pages`, `offset`, `vcpu`… */
export const LABELS: ReadonlySet<string> = new Set(TABLE.flatMap(argumentsOf).flatMap(argumentLabels));

/** Words of a part that are neither labels nor values. */
function wordsOf(part: Part): string[] {
  if (part.kind === 'flag') return [part.word];
  return part.kind === 'choice' || part.kind === 'one-of' ? part.words.map(({ word }) => word) : [];
}

/** Words that continue a statement: labels, choices and flags. A line may start with one of them. */
export const CONTINUATION_WORDS: ReadonlySet<string> = new Set([
  ...LABELS,
  ...TABLE.flatMap(({ required, options }) => [...required, ...options].flatMap(wordsOf)),
]);

/** Whether a word is a keyword or a label, so that it cannot name a file or a constant. */
export function isReserved(word: string): boolean {
  return BY_KEYWORD.has(word) || LABELS.has(word);
}
