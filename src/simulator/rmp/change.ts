/** Changes of the RMP, as the outside is told of them. */
import type { Range } from '../ranges';

/** Pages `[start, end)` (pfns) of equal entries that changed alike. */
export interface RmpChangeRun extends Range {
  /** `reclaim` and `firmware`: assigned to no guest, and changeable or immutable (page states of the SEV-SNP firmware ABI). */
  readonly change: 'private' | 'shared' | 'reclaim' | 'firmware' | 'psmash';
  /** Level of the entries that changed, before the change. */
  readonly level: 1 | 2;
  /** First gfn, where the pages are a guest's. */
  readonly gfn: number | null;
  readonly asid: number;
}

/** What a PSMASH of the 2M entry at pfn `start` changed. */
export function smashedRun(start: number): RmpChangeRun {
  return { start, end: start + 512, change: 'psmash', level: 2, gfn: null, asid: 0 };
}
