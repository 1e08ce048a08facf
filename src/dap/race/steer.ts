/** Gives a task of a race its turn: the run then takes another course, from the current moment on. */
import type { CompiledStatement } from '../../language';
import { elementAt, lastBegun, must, nextMoment, type Turn } from '../../simulator';
import { RequestError } from '../errors';
import type { DebuggedScenario } from '../scenario';
import { type TaskStatus, waitText } from './status';
import { type DebuggedRace, taskAt } from './tasks';

function timesIn(statements: readonly CompiledStatement[], one: CompiledStatement): number {
  return statements.filter((other) => other === one).length;
}

/** Whether a call of a task has not begun in the round in which the task is. */
function isDue(
  { tasks, taskOf }: DebuggedRace,
  begun: readonly CompiledStatement[],
  call: CompiledStatement,
): boolean {
  const [first] = elementAt(tasks, must(taskOf.get(call), 'task of the call')).calls;
  const rounds = first === undefined ? 0 : timesIn(begun, first);
  return timesIn(begun, call) < Math.max(1, rounds);
}

/**
 * The statements in the order in which they begin: those that have begun, the next call of the task, the other calls of
 * the race in the order of the text, and the statements behind it.
 */
function reordered(
  { program, timeline }: DebuggedScenario,
  race: DebuggedRace,
  first: CompiledStatement | null,
): readonly CompiledStatement[] {
  const { statements } = program;
  const done = statements.slice(0, lastBegun(timeline.current) + 1);
  const begun = first === null ? done : [...done, first];
  const rest = statements.slice(done.length);
  const task = first === null ? undefined : race.tasks[race.taskOf.get(first) ?? -1];
  const candidates = new Set([...rest.filter((one) => race.taskOf.has(one)), ...(task?.calls ?? [])]);
  const others = [...candidates]
    .filter((one) => isDue(race, begun, one))
    .toSorted((a, b) => a.statement.span.start - b.statement.span.start);
  return [...begun, ...others, ...rest.filter((one) => !race.taskOf.has(one))];
}

/** The scenario whose run takes another course from the current moment on. */
function steered(
  scenario: DebuggedScenario,
  first: CompiledStatement | null,
  turn: Turn | null,
): DebuggedScenario {
  const race = must(scenario.race, 'race');
  const program = { ...scenario.program, statements: reordered(scenario, race, first) };
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
  const at = (statement: number) => elementAt(program.statements, statement);
  if (!timeline.atEnd()) {
    if (taskAt(race, program, timeline.following(current)) === task) return scenario;
    const next = nextMoment(program.statements, current);
    if (taskAt(race, program, next) === task) {
      return steered(scenario, next.statement > lastBegun(current) ? at(next.statement) : null, null);
    }
  }
  if (resumes !== null) {
    return steered(scenario, isBefore ? at(current.statement) : null, { kind: 'resume', task: resumes });
  }
  if (begins !== null) return steered(scenario, begins, isBefore ? null : { kind: 'begin' });
  // Its last call has just returned: what follows it is next.
  return scenario;
}
