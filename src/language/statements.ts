import { argumentLabels, argumentsOf, type Part, type StatementSpec } from './syntax';
import { MEMORY_STATEMENTS, type MemoryKeyword } from './table/memory';
import { RACE_STATEMENTS, type RaceKeyword, withStops } from './table/races';
import { SNP_STATEMENTS, type SnpKeyword } from './table/snp';
import { STRUCTURE_STATEMENTS, type StructureKeyword } from './table/structure';
import { TDX_STATEMENTS, type TdxKeyword } from './table/tdx';

/**
 * The table of statements. It is the only place where the language is described: what is added to the
 * files of `table/` is parsed, completed, hovered, highlighted and documented.
 */

export type Keyword = MemoryKeyword | SnpKeyword | TdxKeyword | RaceKeyword | StructureKeyword;

export { VM_TYPES } from './table/memory';

const TABLE: readonly StatementSpec<Keyword>[] = [
  ...withStops<Keyword>(MEMORY_STATEMENTS),
  ...withStops<Keyword>(SNP_STATEMENTS),
  ...withStops<Keyword>(TDX_STATEMENTS),
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

/** Statements that call nothing. */
type SilentKeyword = 'kernel' | StructureKeyword;

export type CallKeyword = Exclude<Keyword, SilentKeyword>;

export function isSilent(keyword: Keyword): keyword is SilentKeyword {
  return keyword === 'kernel' || keyword === 'let' || keyword === 'scenario';
}

/** What stands in front of arguments: `gpa` or `gfn`, `size` or `pages`, `offset`, `vcpu`… */
export const LABELS: ReadonlySet<string> = new Set(TABLE.flatMap(argumentsOf).flatMap(argumentLabels));

/** Words of a part that are neither labels nor values. */
function wordsOf(part: Part): string[] {
  if (part.kind === 'flag') return [part.word];
  return part.kind === 'choice' || part.kind === 'one-of' ? part.words.map(({ word }) => word) : [];
}

/** Words that go on with a statement: labels, choices and flags. A line may start with one of them. */
export const CONTINUATION_WORDS: ReadonlySet<string> = new Set([
  ...LABELS,
  ...TABLE.flatMap(({ required, options }) => [...required, ...options].flatMap(wordsOf)),
]);

/** Whether a word has a place of its own in statements, so that it cannot name a file or a constant. */
export function isReserved(word: string): boolean {
  return BY_KEYWORD.has(word) || LABELS.has(word);
}
