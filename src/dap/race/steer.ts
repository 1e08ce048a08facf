/** Gives a task of a race its turn: the run then takes another course, from the current moment on. */
import type { CompiledStatement } from '../../language';
import { lastBegun, nextMoment, type Turn } from '../../simulator';
import { RequestError } from '../errors';
import type { DebuggedScenario } from '../scenario';
import { type TaskStatus, waitText } from './status';
import { taskAt } from './tasks';

/**
 * The statements in the order in which they begin: those that have begun, the next call of the task, the other calls of
 * the race in the order of the text, and the statements behind it.
 */
function reordered(
  { program, race, timeline }: DebuggedScenario,
  first: number | null,
): readonly CompiledStatement[] {
  const { statements } = program;
  const begun = lastBegun(timeline.current) + 1;
  const rest = statements.slice(begun);
  const next = first === null ? [] : statements.slice(first, first + 1);
  const isCall = (one: CompiledStatement) => race?.taskOf.has(one) === true;
  const others = rest
    .filter((one) => isCall(one) && !next.includes(one))
    .toSorted((a, b) => a.statement.span.start - b.statement.span.start);
  return [...statements.slice(0, begun), ...next, ...others, ...rest.filter((one) => !isCall(one))];
}

/** The scenario whose run takes another course from the current moment on. */
function steered(scenario: DebuggedScenario, first: number | null, turn: Turn | null): DebuggedScenario {
  const program = { ...scenario.program, statements: reordered(scenario, first) };
  return { ...scenario, program, timeline: scenario.timeline.steered(program, turn) };
}

/**
 * The scenario in which a task makes the next step. The run stays the same if the task would make it anyway.
 * @throws RequestError if the task has to wait.
 */
export function withTurn(scenario: DebuggedScenario, status: TaskStatus): DebuggedScenario {
  const { program, race, timeline } = scenario;
  const { task, wait, begins, resumes, name } = status;
  if (wait !== null) {
    throw new RequestError(`${name} cannot run: it ${waitText(status, wait)}. Step another thread.`);
  }
  const { current } = timeline;
  const isBefore = current.phase === 'before';
  if (!timeline.atEnd()) {
    if (taskAt(race, program, timeline.following(current)) === task) return scenario;
    const next = nextMoment(program.statements, current);
    if (taskAt(race, program, next) === task) {
      return steered(scenario, next.statement > lastBegun(current) ? next.statement : null, null);
    }
  }
  if (resumes !== null) {
    return steered(scenario, isBefore ? current.statement : null, { kind: 'resume', task: resumes });
  }
  if (begins !== null) return steered(scenario, begins, isBefore ? null : { kind: 'begin' });
  // Its last call has just returned: what follows it is next.
  return scenario;
}
