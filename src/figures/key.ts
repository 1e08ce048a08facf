/** The legend of a figure: its words and marks. */
import type { Grid } from './grid';
import { CHANGED, CHANGED_MEANING, inOrder, type LaneWord, MEANINGS } from './lane-words';
import { SHORTENED } from './rows';

export interface Key {
  readonly words: readonly { readonly word: LaneWord; readonly meaning: string }[];
  readonly notes: readonly string[];
}

const RMP_NOTE =
  'RMP: ASID and size of the entry; v validated, i immutable, s VMSA; @ the gfn that it names, where no slot has the page there.';

/** @param shortened Name of a range that is drawn shorter than its size. */
export function keyOf(grids: readonly Grid[], shortened: string): Key {
  const segments = grids.flatMap(({ cells }) => cells.map(({ segment }) => segment));
  const isShortened = grids.some(({ rows }) => rows.some((row) => row.kind === 'range' && row.shortened));
  const words = inOrder(segments.map(({ word }) => word)).map((word) => ({ word, meaning: MEANINGS[word] }));
  const notes = [
    isShortened
      ? `Not to scale: ${shortened} is more than ${SHORTENED} times as large as the smallest.`
      : null,
    segments.some(({ texts }) => texts[0]?.startsWith(CHANGED)) ? `${CHANGED} ${CHANGED_MEANING}.` : null,
    words.some(({ word }) => word === 'assigned' || word === 'misplaced') ? RMP_NOTE : null,
  ];
  return { words, notes: notes.filter((note) => note !== null) };
}
