/**
 * Results of the next step of a task, by what it reads. The first part that a step reads is always the same, and each
 * further one depends only on those before: the results are the leaves of a tree, in which the number of a part chooses
 * the branch.
 */
import type { Blocked, Step } from './step';

interface Branch {
  readonly kind: 'branch';
  readonly column: number;
  readonly by: Map<number, Memo>;
}

export type Memo = Branch | Step | Blocked;

/** The result for a row; null if it is unknown. */
export function lookUp(memo: Memo | null, row: Int32Array): Step | Blocked | null {
  let at = memo;
  while (at?.kind === 'branch') at = at.by.get(row[at.column] as number) ?? null;
  return at;
}

/**
 * The tree with the result for a row.
 * @param reads The columns that the step read, in the order of the first reads.
 * @throws Error if the step read other parts before, although those that it has read are the same.
 */
export function remember(
  memo: Memo | null,
  row: Int32Array,
  reads: readonly number[],
  result: Step | Blocked,
): Memo {
  const [column, ...others] = reads;
  if (column === undefined) return result;
  const branch: Memo = memo ?? { kind: 'branch', column, by: new Map() };
  if (branch.kind !== 'branch' || branch.column !== column)
    throw new Error('a step read other parts than before');
  const id = row[column] as number;
  branch.by.set(id, remember(branch.by.get(id) ?? null, row, others, result));
  return branch;
}
