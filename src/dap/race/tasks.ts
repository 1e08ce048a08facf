/** The race of a debugged scenario: which statement is a call of which task. */
import type { CompiledStatement, Program } from '../../language';
import { callName } from '../../outcome';
import type { Moment } from '../moment';

export interface DebuggedTask {
  readonly name: string;
  /** Its calls, in the order in which it makes them. */
  readonly calls: readonly CompiledStatement[];
  /** Whether it can make them again and again. */
  readonly repeats: boolean;
}

export interface DebuggedRace {
  readonly tasks: readonly DebuggedTask[];
  /** The task of each call, as an index. */
  readonly taskOf: ReadonlyMap<CompiledStatement, number>;
}

/** The program whose calls of a race have names and can be interrupted, and its race. */
export function withRace(program: Program): {
  readonly program: Program;
  readonly race: DebuggedRace | null;
} {
  const { race } = program;
  if (race === null) return { program, race: null };
  const statements = [...program.statements];
  const taskOf = new Map<CompiledStatement, number>();
  const tasks = race.tasks.map((task, index): DebuggedTask => {
    const calls = statements.slice(task.start, task.end).map((call, at) => {
      return { ...call, course: { ...call.course, title: callName(task, at), pagewise: true } };
    });
    statements.splice(task.start, calls.length, ...calls);
    for (const call of calls) taskOf.set(call, index);
    return { name: task.name, calls, repeats: task.repeats };
  });
  return { program: { ...program, statements }, race: { tasks, taskOf } };
}

/** The task whose call is next, runs or has just returned, as an index; null outside a race. */
export function taskAt(
  race: DebuggedRace | null,
  { statements }: Pick<Program, 'statements'>,
  { statement }: Moment,
): number | null {
  const compiled = statements[statement];
  return (compiled && race?.taskOf.get(compiled)) ?? null;
}
