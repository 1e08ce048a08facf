/** The words of figures: what a box can be, in every format, and its explanation in the legend. */

/** What a range of a lane is. Each word has its own pattern in drawings and is written in the box. */
export type LaneWord =
  | 'page'
  | 'allocated'
  | 'freed'
  | 'beyond'
  | 'private'
  | 'shared'
  | 'zapped'
  | 'mapped'
  | 'stale'
  | 'mmio'
  | 'assigned'
  | 'misplaced'
  | 'hypervisor';

/** Explanations in the legend, in its order. */
export const MEANINGS: Readonly<Record<LaneWord, string>> = {
  page: 'a page is present',
  allocated: 'a page allocated in this step',
  freed: 'a page freed in this step',
  beyond: 'beyond the end of the file',
  assigned: 'a page of that ASID in the RMP',
  misplaced: 'a page of that ASID in the RMP, at another gfn',
  hypervisor: 'owns the page in the RMP',
  private: 'gfns with the attribute PRIVATE',
  shared: 'gfns without the attribute PRIVATE',
  zapped: 'a leaf of that size, in this step',
  mapped: 'a leaf of that size is present',
  stale: 'a leaf to memory the gfn does not have',
  mmio: 'an MMIO SPTE: accesses are emulated',
};

/** Prefix of what this step changed, if the word alone does not say so. */
export const CHANGED = '*';

export const CHANGED_MEANING = 'changed in this step';

/** In the order of `MEANINGS`. */
export function inOrder(words: Iterable<LaneWord>): readonly LaneWord[] {
  const present = new Set(words);
  return (Object.keys(MEANINGS) as LaneWord[]).filter((word) => present.has(word));
}
