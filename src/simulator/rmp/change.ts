/** Changes of the RMP, as events report them. */
import type { Range } from '../ranges';

/** Pages `[start, end)` (pfns) whose entries were equal and changed in the same way. */
export interface RmpChangeRun extends Range {
  /** `reclaim` and `firmware`: not assigned to a guest; mutable and immutable, respectively (page states of the SEV-SNP firmware ABI). */
  readonly change: 'private' | 'shared' | 'reclaim' | 'firmware' | 'psmash';
  /** Level of the entries that changed, before the change. */
  readonly level: 1 | 2;
  /** First gfn if a guest owns the pages. */
  readonly gfn: number | null;
  readonly asid: number;
}

/** The change that PSMASH of the 2M entry at pfn `start` makes. */
export function smashedRun(start: number): RmpChangeRun {
  return { start, end: start + 512, change: 'psmash', level: 2, gfn: null, asid: 0 };
}
