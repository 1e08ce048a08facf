/** The lines in which two texts differ. */

/** Replaces lines `[start, end)`, numbered from 0. */
export interface LinesEdit {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** With more pairs of lines, the differing part is replaced as a whole. */
const MOST_PAIRS = 4_000_000;

function lengthAt(lengths: Uint32Array, at: number): number {
  // biome-ignore lint/style/noNonNullAssertion: inside, as i and j are; this runs for up to MOST_PAIRS pairs.
  return lengths[at]!;
}

/** For each pair of suffixes, the length of their longest common subsequence; row by row, of `wanted`'s length + 1. */
function commonLengths(given: readonly string[], wanted: readonly string[]): Uint32Array {
  const width = wanted.length + 1;
  const lengths = new Uint32Array((given.length + 1) * width);
  for (let i = given.length - 1; i >= 0; i--) {
    for (let j = wanted.length - 1; j >= 0; j--) {
      const here = i * width + j;
      lengths[here] =
        given[i] === wanted[j]
          ? lengthAt(lengths, here + width + 1) + 1
          : Math.max(lengthAt(lengths, here + width), lengthAt(lengths, here + 1));
    }
  }
  return lengths;
}

/** The edits that turn `given`, which begins at line `start`, into `wanted`; lines in both are kept. */
export function lineEdits(
  given: readonly string[],
  wanted: readonly string[],
  start: number,
): readonly LinesEdit[] {
  if (given.length * wanted.length > MOST_PAIRS) return [{ start, end: start + given.length, lines: wanted }];
  const lengths = commonLengths(given, wanted);
  const width = wanted.length + 1;
  const edits: LinesEdit[] = [];
  let [i, j] = [0, 0];
  while (i < given.length || j < wanted.length) {
    if (i < given.length && j < wanted.length && given[i] === wanted[j]) {
      i++;
      j++;
      continue;
    }
    const [fromGiven, fromWanted] = [i, j];
    while ((i < given.length || j < wanted.length) && !(i < given.length && given[i] === wanted[j])) {
      const drops =
        j >= wanted.length ||
        (i < given.length && lengthAt(lengths, (i + 1) * width + j) >= lengthAt(lengths, i * width + j + 1));
      if (drops) i++;
      else j++;
    }
    edits.push({ start: start + fromGiven, end: start + i, lines: wanted.slice(fromWanted, j) });
  }
  return edits;
}
