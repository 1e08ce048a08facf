/**
 * Calls of a steered race that retry forever. Elsewhere, such a call gets a signal and returns. In a steered race, a
 * signal would change the order that the person chose: the call is suspended instead, and the other tasks go on. If none
 * can, the run ends.
 */
import type { Program } from '../../language';
import { eventsBetween, hasReturned, suspendedAt, type TracedEvent } from '../../simulator';
import type { Moment, SuspendedStatement } from '../moment';
import { type DebuggedRace, taskAt } from './tasks';

function isEndless({ type }: TracedEvent): boolean {
  return type === 'livelock';
}

/** The moment at which the call that has just got a signal is suspended without it. */
function suspendedWithout(moment: Moment): Moment {
  const { run } = moment;
  if (run === null) return moment;
  const suspended = 'retries' as const;
  const tasks = run.state.tasks.map((task) =>
    task.id === run.task ? { ...task, signal: false, suspended } : task,
  );
  return { ...moment, phase: 'over', run: { ...run, state: { ...run.state, tasks }, suspended } };
}

/** The moment after another one of a steered race: no call gets a signal there because it retries forever. */
export function withoutSignal(
  race: DebuggedRace | null,
  program: Pick<Program, 'statements'>,
  from: Moment,
  to: Moment,
): Moment {
  if (taskAt(race, program, to) === null) return to;
  if (eventsBetween(from, to).some(isEndless)) return suspendedWithout(to);
  const { trail, run } = to;
  const resumes = run?.resumed === true && run.steps === 0 && !hasReturned(to);
  if (!resumes || trail === null || !trail.events.some(isEndless)) return to;
  // It may return now.
  return { ...to, trail: { ...trail, events: trail.events.filter((event) => !isEndless(event)) } };
}

/** The call of a race that retries without end where the run ends; undefined if there is none. */
export function endlessAt({ taskOf }: DebuggedRace, moment: Moment): SuspendedStatement | undefined {
  return suspendedAt(moment).find(({ why, scheduled }) => why === 'retries' && taskOf.has(scheduled));
}
