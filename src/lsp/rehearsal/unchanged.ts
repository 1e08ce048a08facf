import type { Program } from '../../language';

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

/** How many statements from the first on make the same calls on the same machine, and claim the same of them. */
export function unchangedStatements(before: Program, after: Program): number {
  if (!isEqual(before.setup, after.setup)) return 0;
  const first = after.statements.findIndex(({ call, expected }, index) => {
    const other = before.statements[index];
    return !isEqual(call, other?.call) || !isEqual(expected, other?.expected);
  });
  return first < 0 ? after.statements.length : first;
}
