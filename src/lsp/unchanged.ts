import type { Program } from '../language';

/** Which calls two versions of a scenario have in common. */

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

/** How many statements from the first on make the same calls on the same machine. */
export function unchangedStatements(before: Program, after: Program): number {
  if (!isEqual(before.setup, after.setup)) return 0;
  const first = after.statements.findIndex(
    ({ call }, index) => !isEqual(call, before.statements[index]?.call),
  );
  return first < 0 ? after.statements.length : first;
}
