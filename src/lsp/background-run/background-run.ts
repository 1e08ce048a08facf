import type { AllExpectations, Program, Span, Statement } from '../../language';
import {
  type Checked,
  checkedAgainst,
  expectationsOf,
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
import { unchangedStatements } from './unchanged';

/**
 * The scenarios of a text, run while it is being written: what KVM will refuse, what is not as expected, and the state
 * in which each statement finds the machine. They run in slices, so that typing goes on meanwhile, and stop at a
 * budget. What was run before the text was last changed, or by the scenario above, is not run again.
 */

export interface Budget {
  /** Steps of kernel procedures that a text gets. */
  readonly steps: number;
  /** Milliseconds of running that it gets: the time in which others have their turns does not count. */
  readonly total: number;
  /** Milliseconds after which others get a turn. */
  readonly slice: number;
  /**
   * Statements of all scenarios together: a moment is kept for each, also where they are shared. One scenario is run
   * whatever its length.
   */
  readonly statements: number;
}

/** Enough for scenarios of ten thousand statements; it is a guard against those that would run for ever. */
export const TYPING_BUDGET: Budget = {
  steps: 5_000_000,
  total: 10_000,
  slice: 15,
  statements: 300_000,
};

/** Of a scenario in a document, which has others that are not to wait for it. */
export const FENCE_BUDGET: Budget = { ...TYPING_BUDGET, total: 2000 };

/** One scenario's run. */
export interface ScenarioRun {
  readonly program: Program;
  /** The moments before each statement that ran, and after the last of them. */
  readonly moments: readonly ScenarioMoment[];
  /** What each statement that ran did; worked out when it is first asked for. */
  readonly did: readonly (() => AllExpectations)[];
  /** In the order of the statements. */
  readonly remarks: readonly Remark[];
  readonly origins: readonly Origin[];
  /** Why it did not reach the end; null if it did, or has not yet. `left-out`: it was not begun, nor are those below. */
  readonly stopped: 'budget' | 'left-out' | 'cancelled' | 'failed' | null;
  /** What the simulator failed with. */
  readonly failure: string | null;
}

export interface BackgroundRun {
  /** One for each scenario, in the order of the text. */
  readonly runs: readonly ScenarioRun[];
  readonly finished: Promise<void>;
}

interface Progress extends ScenarioRun {
  readonly moments: ScenarioMoment[];
  readonly did: (() => AllExpectations)[];
  readonly remarks: Remark[];
  readonly origins: Origin[];
  stopped: ScenarioRun['stopped'];
  failure: string | null;
}

function begin(program: Program): Progress {
  return {
    program,
    moments: [firstMoment(initialState(program.setup))],
    did: [],
    remarks: [],
    origins: [],
    stopped: null,
    failure: null,
  };
}

/**
 * The last moment up to `most` from which another text can continue: no suspended call will resume on its own, nor is one
 * known by its line, which may be another line in that text.
 */
function lastShared({ moments }: ScenarioRun, most: number): number {
  return moments
    .slice(0, most + 1)
    .findLastIndex((moment) =>
      suspendedAt(moment).every(({ why, scheduled }) => why === 'deadlock' || scheduled.course.named),
    );
}

/** Runs that are compared with a scenario, at most: there may be thousands of scenarios. */
const MOST_COMPARED = 6;

/**
 * The runs from which a scenario may continue: of the text before it was changed, those of the same title or place; of this
 * text, the last ones above. Those have more of the shared statements than any before them.
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

/** The runs of the text before it was changed. */
interface EarlierRuns {
  readonly runs: readonly ScenarioRun[];
  readonly byTitle: ReadonlyMap<string | null, ScenarioRun>;
}

/** Takes over what an earlier run knows about the statements that are the same. */
function takeOver(progress: Progress, earlier: readonly ScenarioRun[]): void {
  const shared = earlier.map((run) => {
    const same = Math.min(unchangedStatements(run.program, progress.program), run.moments.length - 1);
    return { run, ran: lastShared(run, same) };
  });
  const best = shared.reduce((a, b) => (b.ran > a.ran ? b : a), { run: progress as ScenarioRun, ran: 0 });
  if (best.ran === 0) return;
  const { run, ran } = best;
  // There may be more of them than a call can have arguments.
  progress.moments.pop();
  for (const moment of run.moments.slice(0, ran + 1)) progress.moments.push(moment);
  for (const expectations of run.did.slice(0, ran)) progress.did.push(expectations);
  for (const remark of run.remarks) {
    if (remark.index < ran && remark.kind !== 'suspended') progress.remarks.push(remark);
  }
  for (const origin of run.origins) if (origin.index < ran) progress.origins.push(origin);
}

/** Runs the statements that have not run yet, pausing after each step. */
function* play({ program, moments, did, remarks, origins }: Progress): Generator<void> {
  let index = moments.length - 1;
  for (const executed of stepStatements(program.statements, elementAt(moments, index))) {
    if (executed === null) {
      yield;
      continue;
    }
    const { events, next } = executed;
    const expectations = once(() => expectationsOf(events, executed));
    remarks.push(...remarksOn(index, { ...executed, expectations }, origins));
    origins.push(...originsIn(index, events));
    did.push(expectations);
    // What the statement before it did is kept by itself.
    moments.push({ ...next, last: null });
    index++;
  }
  remarks.push(...leftStanding(program, stateOf(lastOf(moments))));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** What a text has had of its budget. */
interface Meter {
  /** Milliseconds in the slices that are over. */
  worked: number;
  sliceStart: number;
  steps: number;
}

function isSliceOver({ sliceStart }: Meter, { slice }: Budget): boolean {
  return Date.now() - sliceStart >= slice;
}

/** Gives others a turn. Returns whether to go on. */
async function giveTurn(meter: Meter, isCancelled: () => boolean): Promise<boolean> {
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
      if (meter.steps >= budget.steps || meter.worked + inSlice >= budget.total) {
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
  const meter: Meter = { worked: 0, sliceStart: Date.now(), steps: 0 };
  const before: EarlierRuns = {
    runs: earlier,
    byTitle: new Map(earlier.map((run) => [run.program.title, run])),
  };
  let kept = 0;
  for (const [at, progress] of all.entries()) {
    kept += progress.program.statements.length;
    if (at > 0 && kept > budget.statements) return stopAll(all.slice(at), 'left-out');
    takeOver(progress, candidatesFor(progress, at, all, before));
    if (isSliceOver(meter, budget) && !(await giveTurn(meter, isCancelled))) {
      return stopAll(all.slice(at), 'cancelled');
    }
    await drive(progress, meter, isCancelled, budget);
    if (progress.stopped === 'cancelled') return stopAll(all.slice(at), 'cancelled');
  }
}

function stopAll(all: readonly Progress[], why: ScenarioRun['stopped']): void {
  for (const progress of all) progress.stopped = why;
}

/**
 * Starts to run the scenarios of a text. The first slice has been run when this returns.
 * @param earlier A background run of the text before it was changed.
 */
export function runInBackground(
  programs: readonly Program[],
  isCancelled: () => boolean,
  budget: Budget,
  earlier?: BackgroundRun,
): BackgroundRun {
  const runs = programs.map(begin);
  return { runs, finished: driveAll(runs, isCancelled, budget, earlier?.runs ?? []) };
}

/** Whether the background run is over: at the end of all scenarios, or stopped. */
export function isOver({ runs }: BackgroundRun): boolean {
  return runs.every(
    ({ program, moments, stopped }) => stopped !== null || moments.length > program.statements.length,
  );
}

function holds(span: Span, { start, end }: Span): boolean {
  return start >= span.start && end <= span.end;
}

/** The run that a statement belongs to: that of its block; of a shared one, the first below it. */
export function runOf({ runs }: BackgroundRun, { span }: Pick<Statement, 'span'>): ScenarioRun {
  const own = runs.find(({ program: { block } }) => block !== null && holds(block, span));
  const below = runs.find(({ program: { block } }) => block === null || block.start >= span.start);
  return own ?? below ?? firstOf(runs);
}

/** Index of the first statement of the program that does not begin before `statement`. */
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

/** The machine before a statement of a run, by its index, with the VM that the statement is for; null where it was not reached. */
export function machineAt({ moments }: ScenarioRun, index: number): HostedVm | null {
  const moment = moments[index];
  return moment === undefined ? null : hostedVm(stateOf(moment), moment.vmId);
}

/** The machine before a statement that the run has reached. */
export function reachedMachine(run: ScenarioRun, index: number): HostedVm {
  return must(machineAt(run, index), `statement ${index} that the run has reached`);
}

/**
 * The machine before and after the statement, with the VM that statements there are for: `after` is null where it did not run. A statement with errors
 * finds the machine as the last statement above it leaves it.
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

/** Whether a run has come to a statement, or will not. */
function hasReached({ program, moments, stopped }: ScenarioRun, statement: Statement): boolean {
  const index = indexOf(program, statement);
  const runs = program.statements[index]?.statement === statement;
  return stopped !== null || moments.length > (runs ? index + 1 : index);
}

/** Over when the work is, or after so many milliseconds. */
export async function within(work: Promise<void>, most: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, most);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** Milliseconds between two looks at how far a background run has come. */
const LOOK = 5;

/**
 * Over when every scenario has come to the statement, or will not.
 * @param patience Milliseconds to wait at most.
 * @returns Whether they have.
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

/** The statement as it ran in each scenario that has it; empty where it did not. */
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

/** Every statement that ran, in every scenario. */
export function allThatRan({ runs }: BackgroundRun): readonly Checked[] {
  return runs.flatMap(({ program, did }) =>
    did.map((expectations, index) => checkedAgainst(elementAt(program.statements, index), expectations())),
  );
}

/** Errno and reason, where KVM refused the statement; null where it did not, or the statement did not run. */
export function refusalOf(backgroundRun: BackgroundRun, statement: Statement): string | null {
  const { program, remarks } = runOf(backgroundRun, statement);
  const index = indexOf(program, statement);
  if (program.statements[index]?.statement !== statement) return null;
  return remarks.find((remark) => remark.kind === 'refused' && remark.index === index)?.message ?? null;
}
