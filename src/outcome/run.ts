/** A whole scenario, statement after statement. */
import type { CompiledStatement, Program } from '../language';
import {
  advance,
  begin,
  goOn,
  initialState,
  isOver,
  nextToGoOn,
  type Run,
  type State,
  type TracedEvent,
  vmAfter,
} from '../simulator';
import { type Around, aroundCall } from './affected-vm';

/** A statement that ran, between the states before and after what its call did. */
export interface Executed extends Around {
  readonly statement: CompiledStatement;
  readonly events: readonly TracedEvent[];
  /** Where its call had to wait, others have run before this. */
  readonly after: State;
  /** The state in which the next statement finds the machine. */
  readonly next: State;
  /** The VM that the next statement is for. */
  readonly nextVmId: number;
}

/** A statement that has run, or that waits: nobody names its call, so it goes on by itself. */
interface Begun {
  readonly statement: CompiledStatement;
  readonly before: State;
  readonly events: readonly TracedEvent[];
  readonly run: Run;
  /** The state that it left the next statement with, as far as that is known. */
  readonly next: State;
  /** The VM that the next statement is for. */
  readonly nextVmId: number;
}

function executed({ statement, events, before, run, next, nextVmId }: Begun): Executed {
  const around = aroundCall(statement.call, before, run.state, run.vmId);
  return { statement, events, ...around, next, nextVmId };
}

/** Whether the call of a statement goes on by itself, once it can. */
function goesOnByItself({ statement: { course }, run: { still } }: Begun): boolean {
  return !course.named && (still === 'waits' || still === 'retries');
}

/** Runs to the end of a call, or to where it stands still. */
function* drive(from: Run, events: TracedEvent[]): Generator<null, Run> {
  let run = from;
  while (!isOver(run)) {
    const next = advance(run);
    run = next.run;
    events.push(...next.events);
    yield null;
  }
  return run;
}

/** Lets those go on that can, until none can any more. */
function* goOnByThemselves(from: State, waiting: Begun[]): Generator<null, State> {
  let state = from;
  let tried: number[] = [];
  while (true) {
    const ids = waiting.filter(goesOnByItself).map(({ run }) => run.task);
    const next = nextToGoOn(state, ids, tried);
    if (next === null) return state;
    // Numbers of tasks that have returned are given again.
    const at = waiting.findIndex((one) => goesOnByItself(one) && one.run.task === next);
    const events = [...waiting[at]!.events];
    const run = yield* drive(goOn(state, next), events);
    waiting[at] = { ...waiting[at]!, events, run };
    state = run.state;
    tried = run.still === null ? [] : [...tried, next];
  }
}

/**
 * Runs statements one by one, pausing after each step of the kernel: null until a statement has run. They come in their
 * order: behind one that waits, those after it are held back until it has gone on, or the scenario is at its end.
 * @param from State in which no call waits that goes on by itself.
 * @param fromVmId The VM that the first statement is for.
 */
export function* stepStatements(
  statements: readonly CompiledStatement[],
  from: State,
  fromVmId = 0,
): Generator<Executed | null> {
  let before = from;
  let vmId = fromVmId;
  let held: Begun[] = [];
  for (const statement of statements) {
    const events: TracedEvent[] = [];
    const run = yield* drive(begin(before, vmId, { call: statement.call, ...statement.course }), events);
    vmId = vmAfter(statement.call, vmId, run.state);
    held.push({ statement, before, events, run, next: run.state, nextVmId: vmId });
    before = yield* goOnByThemselves(run.state, held);
    held[held.length - 1] = { ...held.at(-1)!, next: before };
    const first = held.findIndex(goesOnByItself);
    const ready = first < 0 ? held : held.slice(0, first);
    held = held.slice(ready.length);
    for (const one of ready) yield executed(one);
  }
  for (const one of held) yield executed(one);
}

/** Runs the statements of a scenario one by one, pausing after each step of the kernel: null until a statement has run. */
export function stepScenario({ setup, statements }: Program): Generator<Executed | null> {
  return stepStatements(statements, initialState(setup));
}

/** Runs the statements of a scenario one by one, each when the next is asked for. */
export function* runScenario(program: Program): Generator<Executed> {
  for (const executed of stepScenario(program)) if (executed !== null) yield executed;
}
