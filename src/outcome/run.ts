/** The outcomes of a whole scenario, statement after statement. */
import type { CompiledStatement, Program } from '../language';
import {
  elementAt,
  endOfCall,
  eventsOf,
  firstMoment,
  hasReturned,
  initialState,
  isEnd,
  isUnderWay,
  lastOf,
  type Moment,
  must,
  nextMoment,
  type State,
  stateOf,
  type TracedEvent,
} from '../simulator';
import { type Around, aroundCall } from './affected-vm';

/** A place in the run of a scenario. */
export type ScenarioMoment = Moment<CompiledStatement>;

/** A statement that ran, between the states before and after what its call did. */
export interface Executed extends Around {
  readonly statement: CompiledStatement;
  readonly events: readonly TracedEvent[];
  /** Where its call had to wait, others have run before this. */
  readonly after: State;
  /** The moment before the next statement, or the end of the scenario. */
  readonly next: ScenarioMoment;
}

/** The end of a statement, with what is known of it by then. */
interface Ended {
  readonly end: ScenarioMoment;
  readonly next: ScenarioMoment;
}

function executed({ end, next }: Ended): Executed {
  const statement = must(end.scheduled, 'statement that ended');
  return { statement, events: eventsOf(end), ...aroundAt(end), next };
}

/** The states around what the statement of a moment did so far, and the VM that it affects. */
export function aroundAt(moment: ScenarioMoment): Around {
  const { scheduled, before, run, vmId } = moment;
  return aroundCall(scheduled?.call ?? null, before, stateOf(moment), run?.vmId ?? vmId);
}

/** How many of the statements that ended are told by now: those before the first whose call will resume on its own. */
function readyOf(held: readonly Ended[], { suspended }: ScenarioMoment): number {
  const waiting = new Set(
    suspended.filter(({ resumesAlone }) => resumesAlone).map(({ statement }) => statement),
  );
  const first = waiting.size === 0 ? -1 : held.findIndex(({ end }) => waiting.has(end.statement));
  return first < 0 ? held.length : first;
}

/**
 * Runs statements one by one, pausing after each step of the kernel: null until a statement has run. They come in their
 * order: those after one that waits are held back until its call has returned, or the scenario is at its end.
 * @param from The moment before the first of the statements that are to run.
 */
export function* stepStatements(
  statements: readonly CompiledStatement[],
  from: ScenarioMoment,
): Generator<Executed | null> {
  if (statements.length === 0 || isEnd(statements, from)) return;
  let held: Ended[] = [];
  let moment = from;
  while (true) {
    if (isUnderWay(moment)) moment = yield* endOfCall(moment);
    else moment = nextMoment(statements, moment);
    if (!hasReturned(moment)) continue;
    const ended = { end: moment, next: moment };
    const at =
      moment.resumption === null ? -1 : held.findIndex(({ end }) => end.statement === moment.statement);
    if (at >= 0) held[at] = { ...ended, next: elementAt(held, at).next };
    else if (moment.resumption === null) held.push(ended);
    if (isEnd(statements, moment)) break;
    moment = nextMoment(statements, moment);
    if (moment.run !== null) continue;
    // No call resumes on its own any more: the next statement finds the machine like this.
    held[held.length - 1] = { ...lastOf(held), next: moment };
    const ready = held.slice(0, readyOf(held, moment));
    held = held.slice(ready.length);
    for (const one of ready) yield executed(one);
  }
  held[held.length - 1] = { ...lastOf(held), next: moment };
  for (const one of held) yield executed(one);
}

/** Runs the statements of a scenario one by one, pausing after each step of the kernel: null until a statement has run. */
export function stepScenario({ setup, statements }: Program): Generator<Executed | null> {
  return stepStatements(statements, firstMoment(initialState(setup)));
}

/** Runs the statements of a scenario one by one, each when the next is asked for. */
export function* runScenario(program: Program): Generator<Executed> {
  for (const executed of stepScenario(program)) if (executed !== null) yield executed;
}
