/** The outcomes of a race: what its calls return, and the state at the end. */
import type { Place } from '../../explorer';
import {
  type ExpectationKind,
  type Expectations,
  type ObservedOutcome,
  printExpectations,
} from '../../language';
import { type Range, type State, union } from '../../simulator';
import { filePagesText, rangeText } from '../text/notation';
import { sourceLine } from '../text/transcript';
import { callName, type ExploredRace } from './explore';
import { type Behind, behindRace, outcomeOfCall } from './verdicts';

/** Something that can differ between outcomes. */
export interface OutcomeColumn {
  /** The call as written, or the part of the state: `mapped`, `A`. */
  readonly title: string;
  /** The name of the call in witnesses; null for a part of the state and a statement behind the race. */
  readonly name: string | null;
}

export interface RaceOutcome {
  /** One text for each column. */
  readonly values: readonly string[];
  /** The number of final states that have it. */
  readonly states: number;
  /** Where the shortest order leads that has it. */
  readonly place: Place;
}

export interface OutcomeTable {
  readonly columns: readonly OutcomeColumn[];
  /** In the order in which they were found: those with the shortest orders first. */
  readonly outcomes: readonly RaceOutcome[];
}

/** What an outcome shows of a call. */
const SHOWN: readonly ExpectationKind[] = [
  'result',
  'left',
  'exit',
  'retried',
  'instruction',
  'guest',
  'read',
];

/** What it shows of a statement behind the race: also what it changed. */
const SHOWN_BEHIND: readonly ExpectationKind[] = [
  ...SHOWN,
  'zapped',
  'mapped',
  'stale',
  'freed',
  'allocated',
  'warn',
];

function textOf(actual: ObservedOutcome, kinds: readonly ExpectationKind[]): string {
  const shown = kinds.filter((kind) => {
    const value = actual[kind];
    if (kind === 'read') return value !== undefined && !actual.readsPlain;
    const isEmpty = Array.isArray(value) && value.length === 0;
    return value !== undefined && value !== null && value !== false && value !== 0n && !isEmpty;
  });
  const expectations: Expectations = Object.fromEntries(shown.map((kind) => [kind, actual[kind]]));
  return printExpectations(expectations);
}

function rangesText(ranges: readonly Range[]): string {
  return ranges.length === 0 ? 'none' : ranges.map((range) => rangeText(range)).join(', ');
}

/** The parts of the state at the end that an outcome shows. */
function stateTexts({ vms, files }: State): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { id, roots, privateGfns, slots, type } of vms) {
    const of = vms.length === 1 ? '' : ` of VM ${id}`;
    const valid = roots.filter(({ invalid }) => !invalid);
    for (const kind of type === 'tdx' ? (['direct', 'mirror'] as const) : (['direct'] as const)) {
      const leaves = valid.filter((root) => root.kind === kind).flatMap((root) => root.leaves);
      const mapped = union(leaves.filter(({ value }) => value.kind === 'mapped'));
      texts.set(`mapped${type === 'tdx' ? ` ${kind}` : ''}${of}`, rangesText(mapped));
    }
    texts.set(`private${of}`, rangesText(privateGfns));
    texts.set(`slots${of}`, slots.map((slot) => slot.id).join(', ') || 'none');
  }
  for (const { name, cache, open } of files) {
    const pages = union(cache);
    const text = pages.length === 0 ? 'empty' : filePagesText(pages);
    texts.set(name, open ? text : `${text}, closed`);
  }
  return texts;
}

/** Calls that are shown if nothing differs. */
const MOST_ALIKE = 6;

/** Columns and texts of one final state. */
function rowOf(
  text: string,
  explored: ExploredRace,
  node: number,
  behind: Behind | undefined,
): ReadonlyMap<OutcomeColumn, string> {
  const { program, result } = explored;
  const row = result.row(node);
  const texts = new Map<OutcomeColumn, string>();
  for (const [at, task] of program.race.tasks.entries()) {
    for (const [call, outcome] of result.steps.progress(row, at).returned.entries()) {
      const statement = program.statements[task.start + call];
      if (statement === undefined) continue;
      const column = { title: sourceLine(text, statement), name: callName(task, call) };
      texts.set(column, textOf(outcomeOfCall(explored, { outcome }), SHOWN));
    }
  }
  for (const [title, value] of stateTexts(result.steps.state(row))) texts.set({ title, name: null }, value);
  for (const [at, actual] of (behind?.actual ?? []).entries()) {
    const statement = program.statements[program.race.end + at];
    if (statement === undefined) continue;
    texts.set({ title: sourceLine(text, statement), name: null }, textOf(actual, SHOWN_BEHIND));
  }
  return texts;
}

/**
 * The outcomes of a race, with a column for each thing that differs between them. If nothing differs, the results of the
 * calls are the columns.
 */
export function outcomesOf(
  text: string,
  explored: ExploredRace,
  behind: ReadonlyMap<number, Behind> = behindRace(explored),
): OutcomeTable {
  const rows = explored.result.finals.map((node) => ({
    node,
    texts: rowOf(text, explored, node, behind.get(node)),
  }));
  const [first] = rows;
  if (first === undefined) return { columns: [], outcomes: [] };
  const columns = [...first.texts.keys()];
  const values = rows.map(({ texts }) => [...texts.values()]);
  const differing = columns.flatMap((_, at) => (new Set(values.map((row) => row[at])).size > 1 ? [at] : []));
  const calls = columns.flatMap(({ name }, at) => (name === null ? [] : [at]));
  const shown = differing.length > 0 ? differing : calls.slice(0, MOST_ALIKE);
  const found = new Map<string, { values: readonly string[]; states: number; place: Place }>();
  for (const [index, { node }] of rows.entries()) {
    const own = shown.map((at) => values[index]?.[at] ?? '');
    const key = JSON.stringify(own);
    const known = found.get(key);
    if (known === undefined) found.set(key, { values: own, states: 1, place: { node, task: null } });
    else known.states++;
  }
  return { columns: shown.flatMap((at) => columns[at] ?? []), outcomes: [...found.values()] };
}
