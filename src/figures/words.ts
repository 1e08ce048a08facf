/** The words of the figures: what a box can be, in every format, with the line that explains it. */

/** Words for what a range is. Each has a pattern of its own in drawings, and stands in the box as text. */
export type Word =
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

/** What legends say, in the order in which they say it. */
export const MEANINGS: Readonly<Record<Word, string>> = {
  page: 'a page is there',
  allocated: 'a page came in this step',
  freed: 'a page went in this step',
  beyond: 'no page can be beyond the end of the file',
  assigned: 'by the RMP a page of that ASID',
  misplaced: 'by the RMP a page of that ASID, at another gfn',
  hypervisor: "by the RMP the hypervisor's",
  private: 'gfns with the attribute PRIVATE',
  shared: 'gfns without it',
  zapped: 'a leaf of that size went in this step',
  mapped: 'a leaf of that size is there',
  stale: 'a leaf of what is not behind the gfn',
  mmio: 'an MMIO SPTE: accesses are emulated',
};

/** Stands before what this step changed, where the word alone does not say so. */
export const CHANGED = '*';

export const CHANGED_MEANING = 'changed in this step';

/** In the order of `MEANINGS`. */
export function inOrder(words: Iterable<Word>): readonly Word[] {
  const present = new Set(words);
  return (Object.keys(MEANINGS) as Word[]).filter((word) => present.has(word));
}
