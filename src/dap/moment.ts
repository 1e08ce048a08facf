/** The call stack at a moment of a debugged scenario. The schedule of the simulator decides which moment comes next. */
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

/** The VM of the next step; outside a call, the current VM of the scenario. */
export function vmIdAt(moment: Moment): number {
  const { run, vmId } = moment;
  const task = hasReturned(moment) ? undefined : run?.state.tasks.find(({ id }) => id === run.task);
  return task === undefined ? vmId : vmIdOfNextStep(task);
}

/** The frames of the running call, innermost last; none outside a call, or if the call is suspended. */
export function framesOf(moment: Moment): readonly Task['stack'][number][] {
  const { run } = moment;
  if (hasReturned(moment)) return [];
  return run?.state.tasks.find(({ id }) => id === run.task)?.stack ?? [];
}

/** One entry of the call stack: a statement, or a procedure that its call executes. */
export interface Level {
  /** Its moment: the current one, or that of a suspended call. */
  readonly moment: Moment;
  readonly statement: CompiledStatement;
  /** Null for the statement itself. */
  readonly frame: Task['stack'][number] | null;
  /** Whether its step comes next; other entries wait for a called procedure, or were interrupted. */
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

/** The call stack, outermost entry first. */
export function levelsOf({ statements }: Program, moment: Moment): readonly Level[] {
  return levelsOfCall(moment, elementAt(statements, moment.statement));
}

/** The call stack of a suspended call, outermost entry first. */
export function levelsOfSuspended(moment: Moment, call: SuspendedStatement): readonly Level[] {
  return levelsOfCall(suspendedMoment(moment, call), call.scheduled);
}

/** The number of entries of the call stack. */
export function depthOf(moment: Moment): number {
  const { interrupted } = moment;
  return (interrupted === null ? 0 : depthOf(interrupted.moment)) + 1 + framesOf(moment).length;
}
