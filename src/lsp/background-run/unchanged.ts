import type { CompiledStatement, Course, Program } from '../../language';
import { expectsRetries, type RaceProgram } from '../../outcome';

/** Finds the common beginning of two scenarios. */

/** Whether two plain-data values are equal, such as setups and calls. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = Object.entries(a);
  const right = b as Readonly<Record<string, unknown>>;
  return (
    left.length === Object.keys(right).length &&
    left.every(([key, value]) => Object.hasOwn(right, key) && isEqual(value, right[key]))
  );
}

/** The course of a call. A call without a name has its line as title, which may have changed. */
function nameless(course: Course): Course {
  return course.named || course.continues ? course : { ...course, title: '' };
}

/** The expectations that need not hold in every order, wherever they are in the text. */
function quantifiedIn({ quantified }: CompiledStatement) {
  return quantified.map(({ quantifier, expectations }) => ({ quantifier, expectations }));
}

/**
 * The number of statements at the beginning that make the same calls, with the same expectations, on the same machine.
 */
export function unchangedStatements(before: Program, after: Program): number {
  if (!isEqual(before.setup, after.setup)) return 0;
  const others = before.statements;
  const first = after.statements.findIndex((statement, index) => {
    const other = others[index];
    // Scenarios of one text share the statements above them.
    if (other === statement) return false;
    const { call, course, expected, race } = statement;
    if (other === undefined || !isEqual(call, other.call) || race !== other.race) return true;
    if (!isEqual(quantifiedIn(statement), quantifiedIn(other))) return true;
    return !isEqual(expected, other.expected) || !isEqual(nameless(course), nameless(other.course));
  });
  return first < 0 ? after.statements.length : first;
}

/** Whether two statements make the same call. */
function makeSameCall(one: CompiledStatement, other: CompiledStatement | undefined): boolean {
  // Scenarios of one text share the statements above them.
  if (one === other) return true;
  if (other === undefined || !isEqual(one.call, other.call)) return false;
  return isEqual(nameless(one.course), nameless(other.course));
}

function tasksOf({ race: { tasks } }: RaceProgram) {
  return tasks.map(({ name, repeats, start, end }) => ({ name, repeats, start, end }));
}

/** Whether the orders of two races lead to the same states: they make the same calls after the same statements. */
export function isSameSearch(before: RaceProgram, after: RaceProgram): boolean {
  const { end } = before.race;
  return (
    end === after.race.end &&
    isEqual(tasksOf(before), tasksOf(after)) &&
    expectsRetries(before) === expectsRetries(after) &&
    isEqual(before.setup, after.setup) &&
    before.statements.slice(0, end).every((one, at) => makeSameCall(one, after.statements[at]))
  );
}
