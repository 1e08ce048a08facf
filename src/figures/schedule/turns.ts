/** The rows of a turn: steps of one task between two switches, with uneventful ones folded. */
import { counted, type HeldLock, type ScheduleCall, type ScheduleStep, type StepPhrase } from '../../outcome';
import { elementAt, lastOf, type NonEmpty } from '../../simulator';
import type { LaneWord } from '../lane-words';

import { roundsOf } from './rounds';
import type { CallRow, FoldRow, StateChange, StepName, StepRow } from './schedule';

/** A turn with more rows loses those in its middle. */
const MOST_ROWS = 40;

/** A row, with the steps that it stands for. */
export interface TurnRow {
  readonly row: CallRow | StepRow | FoldRow;
  readonly steps: readonly ScheduleStep[];
  /** The locks that the task holds after it; null if it has no step. */
  readonly held: readonly HeldLock[] | null;
}

/** The words in figures for phrases about changes that all tasks see; null for what is the call's own. */
const WORDS: { readonly [K in StepPhrase['kind']]: LaneWord | 'no word' | null } = {
  'failed-expectations': null,
  result: null,
  course: null,
  retried: null,
  zapped: 'zapped',
  skipped: 'no word',
  mapped: 'mapped',
  rewrote: 'mapped',
  mmio: 'mmio',
  slots: 'no word',
  stale: 'stale',
  'left-behind': 'no word',
  freed: 'freed',
  allocated: 'allocated',
  poisoned: 'no word',
  sigbus: null,
  rmp: 'assigned',
  'direct-map': 'no word',
  'host-pages': 'no word',
  guest: null,
  read: null,
  exit: null,
  attributes: 'shared',
  unaccepted: 'no word',
  noted: null,
  faults: null,
  flush: 'no word',
  quiet: null,
  lock: null,
  invalidation: 'no word',
  returns: null,
};

function changeOf({ text, kind }: StepPhrase): StateChange | null {
  const word = WORDS[kind];
  if (word === null) return null;
  if (kind === 'attributes') return { text, word: text.startsWith('private') ? 'private' : 'shared' };
  return { text, word: word === 'no word' ? null : word };
}

function nameOf({ procedure, label }: ScheduleStep): StepName {
  return { procedure, label };
}

function stepRow(step: ScheduleStep): StepRow {
  const { task, phrases } = step;
  return {
    kind: 'step',
    task,
    ...nameOf(step),
    own: phrases.filter((phrase) => changeOf(phrase) === null).map(({ text }) => text),
    changes: phrases.map(changeOf).filter((change) => change !== null),
    wrong: phrases.some(({ wrong }) => wrong),
  };
}

function fold(steps: NonEmpty<ScheduleStep>, text: string): TurnRow {
  const [{ task }] = steps;
  return { row: { kind: 'fold', task, steps: steps.map(nameOf), text }, steps, held: lastOf(steps).held };
}

/** Whether a step only takes or drops locks. */
function isLockOnly({ phrases }: ScheduleStep): boolean {
  return phrases.length > 0 && phrases.every(({ kind }) => kind === 'lock');
}

/** The locks held before each step of a call's part of a turn. */
function heldBefore(steps: readonly ScheduleStep[], at: number, first: readonly HeldLock[]): number {
  return (at === 0 ? first : elementAt(steps, at - 1).held).length;
}

/** The steps to fold: those that report no change, and locks that are taken and dropped again with only such steps between. */
function uneventful(steps: readonly ScheduleStep[], before: readonly HeldLock[]): readonly boolean[] {
  const quiet = steps.map(({ phrases }) => phrases.length === 0);
  const delta = steps.map(({ held }, at) => held.length - heldBefore(steps, at, before));
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = 0; at < steps.length; at++) {
      if (quiet[at] || !isLockOnly(elementAt(steps, at)) || delta[at] !== 1) continue;
      let end = at + 1;
      while (end < steps.length && quiet[end]) end++;
      const dropping = steps[end];
      if (dropping === undefined || !isLockOnly(dropping) || delta[end] !== -1) continue;
      quiet[at] = true;
      quiet[end] = true;
      changed = true;
    }
  }
  return quiet;
}

function foldedSteps(steps: readonly ScheduleStep[], before: readonly HeldLock[]): readonly TurnRow[] {
  const quiet = uneventful(steps, before);
  const rows: TurnRow[] = [];
  let run: ScheduleStep[] = [];
  const end = () => {
    const [first, ...others] = run;
    if (first !== undefined) {
      rows.push(
        others.length === 0
          ? { row: stepRow(first), steps: [first], held: first.held }
          : fold([first, ...others], counted(run.length, 'step')),
      );
    }
    run = [];
  };
  for (const [at, step] of steps.entries()) {
    if (quiet[at]) run.push(step);
    else {
      end();
      rows.push({ row: stepRow(step), steps: [step], held: step.held });
    }
  }
  end();
  return rows;
}

/** Folds the middle of a long turn; what is wrong in it stays. */
function cutRows(rows: readonly TurnRow[]): readonly TurnRow[] {
  if (rows.length <= MOST_ROWS) return rows;
  const half = MOST_ROWS / 2;
  const isKept = ({ row }: TurnRow, at: number) =>
    at < half || at >= rows.length - half || row.kind === 'call' || (row.kind === 'step' && row.wrong);
  const cut: TurnRow[] = [];
  let run: TurnRow[] = [];
  const end = () => {
    const [first, ...others] = run.flatMap(({ steps }) => steps);
    if (first !== undefined) {
      const changing = run.filter(({ row }) => row.kind === 'step').length;
      cut.push(
        fold([first, ...others], `${counted(others.length + 1, 'step')}, ${changing} of them with a change`),
      );
    }
    run = [];
  };
  for (const [at, one] of rows.entries()) {
    if (!isKept(one, at)) run.push(one);
    else {
      end();
      cut.push(one);
    }
  }
  end();
  return cut;
}

/** @param before The locks that the task holds before the turn. */
export function turnRows(
  entries: readonly (ScheduleCall | ScheduleStep)[],
  before: readonly HeldLock[],
): readonly TurnRow[] {
  const rows: TurnRow[] = [];
  let steps: ScheduleStep[] = [];
  let held = before;
  const end = () => {
    for (const { steps: own, again } of roundsOf(steps)) {
      const [first, ...others] = own;
      if (first === undefined) continue;
      if (again) rows.push(fold([first, ...others], `the same again: ${counted(own.length, 'step')}`));
      else rows.push(...foldedSteps(own, held));
      held = lastOf([first, ...others]).held;
    }
    steps = [];
  };
  for (const entry of entries) {
    if (entry.kind === 'step') steps.push(entry);
    else {
      end();
      rows.push({ row: entry, steps: [], held: null });
    }
  }
  end();
  return cutRows(rows);
}
