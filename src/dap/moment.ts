/** Moments of a debugged scenario, and the call stack at one. Which moment follows is decided by the schedule. */
import type { CompiledStatement, Program } from '../language';
import type { ScenarioMoment } from '../outcome';
import {
  elementAt,
  hasReturned,
  type Interrupted,
  type SuspendedCall,
  suspendedMoment,
  type Task,
  vmIdOfNextStep,
} from '../simulator';

export type Moment = ScenarioMoment;
export type SuspendedStatement = SuspendedCall<CompiledStatement>;
export type InterruptedStatement = Interrupted<CompiledStatement>;

/** The VM that the next step works on; where none is on its way, the one that the scenario is at. */
export function vmIdAt(moment: Moment): number {
  const { run, vmId } = moment;
  const task = hasReturned(moment) ? undefined : run?.state.tasks.find(({ id }) => id === run.task);
  return task === undefined ? vmId : vmIdOfNextStep(task);
}

/** The frames of the statement's call, the innermost last; none outside a call, and where it is suspended by now. */
export function framesOf(moment: Moment): readonly Task['stack'][number][] {
  const { run } = moment;
  if (hasReturned(moment)) return [];
  return run?.state.tasks.find(({ id }) => id === run.task)?.stack ?? [];
}

/** One entry of the call stack: a statement, or a procedure that its call is in. */
export interface Level {
  /** The moment that it belongs to: the one at hand, or one that is suspended under it. */
  readonly moment: Moment;
  readonly statement: CompiledStatement;
  /** Null for the statement itself. */
  readonly frame: Task['stack'][number] | null;
  /** Whether its own step comes next: the others have made a call, or were interrupted. */
  readonly next: boolean;
}

/** The entries of one call. */
function levelsOfCall(moment: Moment, statement: CompiledStatement): readonly Level[] {
  const frames = framesOf(moment);
  const levels = [null, ...frames].map((frame, at) => ({
    moment,
    statement,
    frame,
    next: at === frames.length,
  }));
  const { interrupted } = moment;
  return interrupted === null
    ? levels
    : [...levelsOfCall(interrupted.moment, interrupted.statement), ...levels];
}

/** The call stack, the outermost first. */
export function levelsOf({ statements }: Program, moment: Moment): readonly Level[] {
  return levelsOfCall(moment, elementAt(statements, moment.statement));
}

/** The call stack of a suspended call, the outermost entry first. */
export function levelsOfSuspended(moment: Moment, call: SuspendedStatement): readonly Level[] {
  return levelsOfCall(suspendedMoment(moment, call), call.scheduled);
}

/** How many entries the call stack has. */
export function depthOf(moment: Moment): number {
  const { interrupted } = moment;
  return (interrupted === null ? 0 : depthOf(interrupted.moment)) + 1 + framesOf(moment).length;
}
