import type { ObservedOutcome, Program, Span, Statement } from '../../language';
import {
  type Checked,
  checkedAgainst,
  observedOutcome,
  type ScenarioMoment,
  stepStatements,
} from '../../outcome';
import {
  elementAt,
  firstMoment,
  firstOf,
  type HostedVm,
  hostedVm,
  initialState,
  lastOf,
  must,
  stateOf,
  suspendedAt,
} from '../../simulator';
import { once } from '../once';
import { leftStanding, type Origin, originsIn, type Remark, remarksOn } from './remarks';
import { isEqual, unchangedStatements } from './unchanged';
import { unsharedSize } from './unshared-size';

/**
 * Runs the scenarios of a text while the user types, to find refusals and failed expectations, and the state of the
 * machine before each statement. A run works in slices, between which the editor responds, and has a budget. Statements
 * that ran before the last edit, or in an earlier scenario of the text, are not run again.
 */

export interface Budget {
  /** Maximum number of steps of kernel procedures per text. */
  readonly steps: number;
  /** Maximum running time in milliseconds; the time between slices does not count. */
  readonly total: number;
  /** Length of a slice in milliseconds. */
  readonly slice: number;
  /**
   * Statements of all scenarios together: a moment is kept for each, also where they are shared. One scenario is run
   * whatever its length.
   */
  readonly statements: number;
  /**
   * Elements and properties of the kept states that they do not share, of all scenarios together; each takes 4 to 12 bytes
   * of memory. Every state after a change of a list of thousands has its own copy of the list.
   */
  readonly size: number;
  /** States after which the search of a race ends unfinished. */
  readonly states: number;
}

/** Enough for ten thousand statements; guards against scenarios that never end. */
export const TYPING_BUDGET: Budget = {
  steps: 5_000_000,
  total: 10_000,
  slice: 15,
  statements: 300_000,
  size: 64_000_000,
  states: 200_000,
};

/** For each scenario of a document, so that the other scenarios need not wait long. */
export const FENCE_BUDGET: Budget = { ...TYPING_BUDGET, total: 2000, states: 50_000 };

/** One scenario's run. */
export interface ScenarioRun {
  readonly program: Program;
  /** The moments before each statement that ran, and after the last one. */
  readonly moments: readonly ScenarioMoment[];
  /** The outcome of each statement that ran; computed on first use. */
  readonly did: readonly (() => ObservedOutcome)[];
  /** In the order of the statements. */
  readonly remarks: readonly Remark[];
  readonly origins: readonly Origin[];
  /** For each moment, the size of the states up to it, as in the budget. */
  readonly sizes: readonly number[];
  /** Why it stopped before the end; null if it is running or reached the end. `left-out`: neither it nor a later one was begun. */
  readonly stopped: 'budget' | 'left-out' | 'cancelled' | 'failed' | null;
  /** The error of the simulator if it failed. */
  readonly failure: string | null;
}

export interface BackgroundRun {
  /** One for each scenario, in the order of the text. */
  readonly runs: readonly ScenarioRun[];
  readonly finished: Promise<void>;
}

interface Progress extends ScenarioRun {
  readonly moments: ScenarioMoment[];
  readonly did: (() => ObservedOutcome)[];
  readonly remarks: Remark[];
  readonly origins: Origin[];
  readonly sizes: number[];
  stopped: ScenarioRun['stopped'];
  failure: string | null;
}

function begin(program: Program, first: ScenarioMoment): Progress {
  return {
    program,
    moments: [first],
    did: [],
    remarks: [],
    origins: [],
    sizes: [0],
    stopped: null,
    failure: null,
  };
}

/** There may be thousands of scenarios on the same machine, which have their first moment in common. */
function beginAll(programs: readonly Program[]): readonly Progress[] {
  let shared: { readonly setup: Program['setup']; readonly first: ScenarioMoment } | null = null;
  return programs.map((program) => {
    const { setup } = program;
    if (shared === null || !isEqual(shared.setup, setup))
      shared = { setup, first: firstMoment(initialState(setup)) };
    return begin(program, shared.first);
  });
}

/**
 * The last moment up to `most` from which a run of another text can continue: each suspended call must have a name
 * (other calls resume automatically, and their title is a line, which may differ in that text) or be in a deadlock.
 */
function lastShared({ moments }: ScenarioRun, most: number): number {
  return moments
    .slice(0, most + 1)
    .findLastIndex((moment) =>
      suspendedAt(moment).every(({ why, scheduled }) => why === 'deadlock' || scheduled.course.named),
    );
}

/** Maximum number of runs that are compared with a scenario: there may be thousands. */
const MOST_COMPARED = 6;

/**
 * The runs from which a scenario may continue: runs of the previous text with the same title or place, and the last runs
 * above it in this text, which share more statements with it than earlier ones.
 */
function candidatesFor(
  { program }: ScenarioRun,
  at: number,
  all: readonly ScenarioRun[],
  earlier: EarlierRuns,
): readonly ScenarioRun[] {
  const above = all.slice(Math.max(0, at - MOST_COMPARED), at);
  if (earlier.runs.length <= MOST_COMPARED) return [...earlier.runs, ...above];
  const named = program.title === null ? undefined : earlier.byTitle.get(program.title);
  return [...new Set([named, earlier.runs[at], ...above])].filter((run) => run !== undefined);
}

/** The runs of the previous text. */
interface EarlierRuns {
  readonly runs: readonly ScenarioRun[];
  readonly byTitle: ReadonlyMap<string | null, ScenarioRun>;
}

/**
 * Takes over the results of an earlier run for the unchanged statements.
 * @returns The run; null if there is nothing to take over.
 */
function takeOver(progress: Progress, earlier: readonly ScenarioRun[]): ScenarioRun | null {
  const shared = earlier.map((run) => {
    const same = Math.min(unchangedStatements(run.program, progress.program), run.moments.length - 1);
    return { run, ran: lastShared(run, same) };
  });
  const best = shared.reduce((a, b) => (b.ran > a.ran ? b : a), { run: progress as ScenarioRun, ran: 0 });
  if (best.ran === 0) return null;
  const { run, ran } = best;
  // No spread: there may be more elements than a call can have arguments.
  progress.moments.pop();
  progress.sizes.pop();
  for (const moment of run.moments.slice(0, ran + 1)) progress.moments.push(moment);
  for (const expectations of run.did.slice(0, ran)) progress.did.push(expectations);
  for (const remark of run.remarks) {
    if (remark.index < ran && remark.kind !== 'suspended') progress.remarks.push(remark);
  }
  for (const origin of run.origins) if (origin.index < ran) progress.origins.push(origin);
  for (const size of run.sizes.slice(0, ran + 1)) progress.sizes.push(size);
  return run;
}

/** Runs the statements that have not run yet, pausing after each step. */
function* play({ program, moments, did, remarks, origins, sizes }: Progress): Generator<void> {
  let index = moments.length - 1;
  for (const executed of stepStatements(program.statements, elementAt(moments, index))) {
    if (executed === null) {
      yield;
      continue;
    }
    const { events, next } = executed;
    const expectations = once(() => observedOutcome(events, executed));
    remarks.push(...remarksOn(index, { ...executed, expectations }, origins));
    origins.push(...originsIn(index, events));
    did.push(expectations);
    // `did` has the outcome of the previous statement.
    moments.push({ ...next, last: null });
    sizes.push(elementAt(sizes, index) + unsharedSize(executed.before, executed.after));
    index++;
  }
  remarks.push(...leftStanding(program, stateOf(lastOf(moments))));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** The part of the budget that a text has used. */
export interface Meter {
  /** Milliseconds in previous slices. */
  worked: number;
  sliceStart: number;
  steps: number;
  /** The states of the scenarios above that their runs do not share. */
  size: number;
}

export function isSliceOver({ sliceStart }: Meter, { slice }: Budget): boolean {
  return Date.now() - sliceStart >= slice;
}

/** Gives others a turn. Returns whether to go on. */
export async function giveTurn(meter: Meter, isCancelled: () => boolean): Promise<boolean> {
  meter.worked += Date.now() - meter.sliceStart;
  await nextTurn();
  meter.sliceStart = Date.now();
  return !isCancelled();
}

async function drive(
  progress: Progress,
  meter: Meter,
  isCancelled: () => boolean,
  budget: Budget,
): Promise<void> {
  try {
    for (const _ of play(progress)) {
      meter.steps++;
      const inSlice = Date.now() - meter.sliceStart;
      const isUsedUp = meter.steps >= budget.steps || meter.worked + inSlice >= budget.total;
      if (isUsedUp || meter.size + lastOf(progress.sizes) >= budget.size) {
        progress.stopped = 'budget';
        return;
      }
      if (inSlice >= budget.slice && !(await giveTurn(meter, isCancelled))) {
        progress.stopped = 'cancelled';
        return;
      }
    }
  } catch (error) {
    progress.stopped = 'failed';
    progress.failure = error instanceof Error ? error.message : String(error);
  }
}

async function driveAll(
  all: readonly Progress[],
  isCancelled: () => boolean,
  budget: Budget,
  earlier: readonly ScenarioRun[],
): Promise<void> {
  const meter: Meter = { worked: 0, sliceStart: Date.now(), steps: 0, size: 0 };
  const before: EarlierRuns = {
    runs: earlier,
    byTitle: new Map(earlier.map((run) => [run.program.title, run])),
  };
  let kept = 0;
  for (const [at, progress] of all.entries()) {
    kept += progress.program.statements.length;
    if (at > 0 && kept > budget.statements) return stopAll(all.slice(at), 'left-out');
    const taken = takeOver(progress, candidatesFor(progress, at, all, before));
    // What scenarios of one text share is kept once.
    if (taken !== null && all.includes(taken as Progress, Math.max(0, at - MOST_COMPARED)))
      meter.size -= lastOf(progress.sizes);
    if (isSliceOver(meter, budget) && !(await giveTurn(meter, isCancelled))) {
      return stopAll(all.slice(at), 'cancelled');
    }
    await drive(progress, meter, isCancelled, budget);
    if (progress.stopped === 'cancelled') return stopAll(all.slice(at), 'cancelled');
    meter.size += lastOf(progress.sizes);
  }
}

function stopAll(all: readonly Progress[], why: ScenarioRun['stopped']): void {
  for (const progress of all) progress.stopped = why;
}

/**
 * Starts to run the scenarios of a text; the first slice runs before this returns.
 * @param earlier A background run of a previous version of the text.
 */
export function runInBackground(
  programs: readonly Program[],
  isCancelled: () => boolean,
  budget: Budget,
  earlier?: BackgroundRun,
): BackgroundRun {
  const runs = beginAll(programs);
  return { runs, finished: driveAll(runs, isCancelled, budget, earlier?.runs ?? []) };
}

/** Whether each scenario has reached its end or was stopped. */
export function isOver({ runs }: BackgroundRun): boolean {
  return runs.every(
    ({ program, moments, stopped }) => stopped !== null || moments.length > program.statements.length,
  );
}

function holds(span: Span, { start, end }: Span): boolean {
  return start >= span.start && end <= span.end;
}

/** The run of the block that contains the statement; for a shared statement, of the first block below it. */
export function runOf({ runs }: BackgroundRun, { span }: Pick<Statement, 'span'>): ScenarioRun {
  const own = runs.find(({ program: { block } }) => block !== null && holds(block, span));
  const below = runs.find(({ program: { block } }) => block === null || block.start >= span.start);
  return own ?? below ?? firstOf(runs);
}

/** Index of the first statement of the program that begins at or after `statement`. */
function indexOf({ statements }: Program, { span }: Statement): number {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (elementAt(statements, middle).statement.span.start < span.start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The machine before the statement with this index, with the VM of the statement; null if it was not reached. */
export function machineAt({ moments }: ScenarioRun, index: number): HostedVm | null {
  const moment = moments[index];
  return moment === undefined ? null : hostedVm(stateOf(moment), moment.vmId);
}

/** The machine before a statement that the run has reached. */
export function reachedMachine(run: ScenarioRun, index: number): HostedVm {
  return must(machineAt(run, index), `statement ${index} that the run has reached`);
}

/**
 * The machine before and after a statement, with the current VM; `after` is null if the statement did not run. For a
 * statement with errors, `before` is the state after the last statement above it.
 */
export function statesAround(
  backgroundRun: BackgroundRun,
  statement: Statement,
): { before: HostedVm | null; after: HostedVm | null } {
  const run = runOf(backgroundRun, statement);
  const { program } = run;
  const index = indexOf(program, statement);
  const ran = program.statements[index]?.statement === statement;
  return { before: machineAt(run, index), after: ran ? machineAt(run, index + 1) : null };
}

/** Whether a run has executed a statement, or never will. */
function hasReached({ program, moments, stopped }: ScenarioRun, statement: Statement): boolean {
  const index = indexOf(program, statement);
  const runs = program.statements[index]?.statement === statement;
  return stopped !== null || moments.length > (runs ? index + 1 : index);
}

/** Resolves when the work is done, or after `most` milliseconds. */
export async function within(work: Promise<void>, most: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, most);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** Interval in milliseconds at which the progress of a background run is checked. */
const LOOK = 5;

/**
 * Waits until every scenario has executed the statement, or never will.
 * @param patience The maximum time to wait, in milliseconds.
 * @returns False if the time was up first.
 */
export async function reached(
  backgroundRun: BackgroundRun,
  statement: Statement,
  patience = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const start = Date.now();
  const isThere = () => backgroundRun.runs.every((run) => hasReached(run, statement));
  while (!isThere() && Date.now() - start < patience) {
    await within(backgroundRun.finished, LOOK);
  }
  return isThere();
}

/** The results of the statement in each scenario in which it ran. */
export function ranAs({ runs }: BackgroundRun, statement: Statement): readonly Checked[] {
  return runs.flatMap(({ program, did }) => {
    const index = indexOf(program, statement);
    const compiled = program.statements[index];
    const expectations = did[index];
    return compiled?.statement !== statement || expectations === undefined
      ? []
      : [checkedAgainst(compiled, expectations())];
  });
}

/** The results of all statements that ran, in all scenarios. */
export function allThatRan({ runs }: BackgroundRun): readonly Checked[] {
  return runs.flatMap(({ program, did }) =>
    did.map((expectations, index) => checkedAgainst(elementAt(program.statements, index), expectations())),
  );
}

/** Errno and reason if KVM refused the statement; null if it did not, or the statement did not run. */
export function refusalOf(backgroundRun: BackgroundRun, statement: Statement): string | null {
  const { program, remarks } = runOf(backgroundRun, statement);
  const index = indexOf(program, statement);
  if (program.statements[index]?.statement !== statement) return null;
  return remarks.find((remark) => remark.kind === 'refused' && remark.index === index)?.message ?? null;
}
