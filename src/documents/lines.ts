/** Edits lines of a document; unchanged lines keep their bytes and their line endings. */

import { lastOf } from '../simulator';

/** Replaces lines `[start, end)`, numbered from 0. */
export interface LinesEdit {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

interface Line {
  readonly text: string;
  /** The line ending: CR LF, LF, CR, or empty at the end of the document. */
  readonly ending: string;
}

function split(text: string): Line[] {
  return [...text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)]
    .map(([, line = '', ending = '']) => ({ text: line, ending }))
    .filter(
      ({ text: line, ending }, at, all) => at < all.length - 1 || line !== '' || ending !== '' || at === 0,
    );
}

/** Gives new lines the endings of the lines around them. */
function ended(
  lines: readonly string[],
  above: Line | undefined,
  removed: readonly Line[],
  usual: string,
): Line[] {
  const ending = removed[0]?.ending || above?.ending || usual;
  const last = removed.at(-1)?.ending;
  return lines.map((text, at) => ({
    text,
    ending: at === lines.length - 1 && last !== undefined ? last : ending,
  }));
}

/** Applies edits, which must not overlap. */
export function applyLines(text: string, edits: readonly LinesEdit[]): string {
  const usual = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const all = split(text);
  for (const { start, end, lines } of [...edits].sort((a, b) => b.start - a.start)) {
    const removed = all.slice(start, end);
    const added = ended(lines, all[start - 1], removed, usual);
    all.splice(start, end - start, ...added);
    // The last line of the document may lack an ending, and now another line follows it.
    const above = all[start - 1];
    if (added.length > 0 && above?.ending === '') {
      all[start - 1] = { ...above, ending: usual };
      all[start + added.length - 1] = { ...lastOf(added), ending: '' };
    }
  }
  return all.map(({ text: line, ending }) => line + ending).join('');
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
export function differingLines(
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
