/** Names the root in the outcomes of VMs that have only direct ones, for expectations that name it. */
import type { ExpectationKind, Expectations, RootGfnsExpectation, ZapExpectation } from '../../language';

type Item = RootGfnsExpectation | ZapExpectation;

/** The kinds that can name a root. */
const ROOTED: ReadonlySet<ExpectationKind> = new Set(['zapped', 'mapped', 'rewrote', 'mmio', 'stale']);

function namesRoot(items: readonly Item[]): boolean {
  return items
    .flatMap((item): readonly RootGfnsExpectation[] => ('leaves' in item ? item.leaves : [item]))
    .some(({ root }) => root !== undefined);
}

function inDirectRoot<T extends RootGfnsExpectation>(gfns: T): T {
  return { ...gfns, root: gfns.root ?? 'direct' };
}

/** The outcome to compare with an expectation: an outcome without roots matches `direct`, not `mirror`. */
export function withRoots<K extends ExpectationKind>(
  kind: K,
  expected: Expectations[K],
  actual: Expectations[K],
): Expectations[K] {
  if (!ROOTED.has(kind) || !namesRoot((expected ?? []) as readonly Item[])) return actual;
  return ((actual ?? []) as readonly Item[]).map((item) =>
    'leaves' in item ? { ...item, leaves: item.leaves.map(inDirectRoot) } : inDirectRoot(item),
  ) as unknown as Expectations[K];
}
