/** Runs scenarios, statement by statement. */
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
  type OnStep,
  type State,
  stateOf,
  type TracedEvent,
} from '../simulator';
import { type Around, aroundCall } from './affected-vm';

/** A moment in the run of a scenario. */
export type ScenarioMoment = Moment<CompiledStatement>;

/** A statement that ran, with the states before and after its call. */
export interface Executed extends Around {
  readonly statement: CompiledStatement;
  readonly events: readonly TracedEvent[];
  /** If its call had to wait, later statements have run by this state. */
  readonly after: State;
  /** The moment before the next statement, or at the end of the scenario. */
  readonly next: ScenarioMoment;
}

/** A statement that ended, with what it did so far. */
interface Ended {
  readonly end: ScenarioMoment;
  readonly next: ScenarioMoment;
}

function executed({ end, next }: Ended): Executed {
  const statement = must(end.scheduled, 'statement that ended');
  return { statement, events: eventsOf(end), ...aroundAt(end), next };
}

/** The states before and after what the current statement did so far, and the affected VM. */
export function aroundAt(moment: ScenarioMoment): Around {
  const { scheduled, before, run, vmId } = moment;
  return aroundCall(scheduled?.call ?? null, before, stateOf(moment), run?.vmId ?? vmId);
}

/** How many of the ended statements can be reported: those before the first whose call will resume automatically. */
function readyOf(held: readonly Ended[], { suspended }: ScenarioMoment): number {
  const waiting = new Set(
    suspended.filter(({ resumesAlone }) => resumesAlone).map(({ statement }) => statement),
  );
  const first = waiting.size === 0 ? -1 : held.findIndex(({ end }) => waiting.has(end.statement));
  return first < 0 ? held.length : first;
}

/**
 * Runs statements, and yields null after each kernel step, and each statement once it has run. Statements are yielded
 * in order: those after a blocked one are held back until its call has returned, or until the end of the scenario.
 * @param from The moment before the first of the statements.
 * @param onStep Learns of each step that ran.
 */
export function* stepStatements(
  statements: readonly CompiledStatement[],
  from: ScenarioMoment,
  onStep?: OnStep,
): Generator<Executed | null> {
  if (statements.length === 0 || isEnd(statements, from)) return;
  let held: Ended[] = [];
  let moment = from;
  while (true) {
    if (isUnderWay(moment)) moment = yield* endOfCall(moment, onStep);
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
    // No further call resumes automatically: this is the state before the next statement.
    held[held.length - 1] = { ...lastOf(held), next: moment };
    const ready = held.slice(0, readyOf(held, moment));
    held = held.slice(ready.length);
    for (const one of ready) yield executed(one);
  }
  held[held.length - 1] = { ...lastOf(held), next: moment };
  for (const one of held) yield executed(one);
}

/** Runs a scenario, and yields null after each kernel step, and each statement once it has run. */
export function stepScenario({ setup, statements }: Program, onStep?: OnStep): Generator<Executed | null> {
  return stepStatements(statements, firstMoment(initialState(setup)), onStep);
}

/** Runs a scenario lazily, and yields each statement that ran. */
export function* runScenario(program: Program, onStep?: OnStep): Generator<Executed> {
  for (const executed of stepScenario(program, onStep)) if (executed !== null) yield executed;
}
