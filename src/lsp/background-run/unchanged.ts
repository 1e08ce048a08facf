import type { Course, Program } from '../../language';

/** Which statements two scenarios have in common, from the first on. */

/** Whether two values of plain data are equal: what setups and calls are made of. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = Object.entries(a);
  const right = b as Readonly<Record<string, unknown>>;
  return (
    left.length === Object.keys(right).length &&
    left.every(([key, value]) => Object.hasOwn(right, key) && isEqual(value, right[key]))
  );
}

/** How a call runs among others. What nobody named is called by its line, which may be another one now. */
function nameless(course: Course): Course {
  return course.named || course.continues ? course : { ...course, title: '' };
}

/** How many statements from the first on make the same calls on the same machine, and expectation the same of them. */
export function unchangedStatements(before: Program, after: Program): number {
  if (!isEqual(before.setup, after.setup)) return 0;
  const others = before.statements;
  const first = after.statements.findIndex((statement, index) => {
    const other = others[index];
    // Scenarios of one text share the statements above them.
    if (other === statement) return false;
    const { call, course, expected } = statement;
    if (other === undefined || !isEqual(call, other.call)) return true;
    return !isEqual(expected, other.expected) || !isEqual(nameless(course), nameless(other.course));
  });
  return first < 0 ? after.statements.length : first;
}
