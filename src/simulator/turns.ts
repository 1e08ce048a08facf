/**
 * Turns: which call runs next is decided from outside, between any two steps. The debugger uses them for the tasks of a
 * race. Without a turn, `nextMoment` decides.
 */
import { must } from './known';
import { resume } from './run';
import { type Moment, reachedBy, type Scheduled, type SuspendedCall, stateOf, suspendedAt } from './schedule';
import type { State } from './state';

/** The call that runs next: the first that has not begun, or a suspended one. */
export type Turn = { readonly kind: 'begin' } | { readonly kind: 'resume'; readonly task: number };

/** The state in which a running call is suspended. */
function suspending(state: State, id: number): State {
  const tasks = state.tasks.map((task) =>
    task.id === id ? { ...task, suspended: 'suspended' as const } : task,
  );
  return { ...state, tasks };
}

/** The state and the suspended calls once the call of a moment, if it runs, is suspended between two steps. */
function interrupted<S extends Scheduled>(moment: Moment<S>) {
  const { phase, run, scheduled, statement, before, trail } = moment;
  const others = suspendedAt(moment);
  if (phase !== 'running' || run === null || scheduled === null) {
    return { state: stateOf(moment), suspended: others };
  }
  const state = suspending(run.state, run.task);
  const own: SuspendedCall<S> = {
    ...{
      task: run.task,
      why: 'suspended',
      scheduled,
      statement,
      before,
      after: state,
      vmId: run.vmId,
      trail,
    },
    resumesAlone: true,
  };
  const at = others.findIndex(({ task }) => task === own.task);
  return { state, suspended: at < 0 ? [...others, own] : others.with(at, own) };
}

/** Index of the last statement whose call has begun; -1 if none has. */
export function lastBegun(moment: Moment<Scheduled>): number {
  return moment.phase === 'before' ? moment.statement - 1 : reachedBy(moment);
}

/**
 * The moment after this one if another call takes its turn. The state is the same, except that the running call is
 * suspended; it resumes automatically when nothing else runs.
 * @throws Error if the call to resume is not suspended.
 */
export function takeTurn<S extends Scheduled>(moment: Moment<S>, turn: Turn): Moment<S> {
  const { vmId, interrupted: outer } = moment;
  const tick = moment.tick + 1;
  const { state, suspended } = interrupted(moment);
  const begun = lastBegun(moment);
  if (turn.kind === 'begin') {
    const last = moment.phase === 'over' ? moment : moment.last;
    return {
      ...{ tick, statement: begun + 1, scheduled: null, before: state, vmId, phase: 'before', run: null },
      ...{ trail: null, last, interrupted: outer, suspended, resumption: null },
    };
  }
  const call = must(
    suspended.find(({ task }) => task === turn.task),
    'call that takes its turn',
  );
  const { task, statement, scheduled, before, trail } = call;
  return {
    ...{ tick, statement: must(statement, 'statement of the call'), scheduled, before, vmId },
    ...{ phase: 'running', run: resume(state, task), trail, last: null, interrupted: outer, suspended },
    resumption: { after: begun, tried: [] },
  };
}
