/** "Did you mean": finds the known word nearest to a misspelt one. */

/** A longer word is not a slip of the keyboard; the letters of a word are the bits of a number. */
const LONGEST_WORD = 32;

/**
 * Number of letters to add, drop, replace or swap with their neighbour to get from a word of at most 32 letters to another.
 * A column of the table of distances is two numbers: whether each of its rows is one more, or one less, than the row above
 * (G. Myers, 1999; with neighbours swapped: H. Hyyrö, 2003).
 */
export function distancesFrom(word: string): (to: string) => number {
  /** For each letter, the places where the word has it. */
  const places = new Map<string, number>();
  for (let at = 0; at < word.length; at++) {
    const letter = word.charAt(at);
    places.set(letter, (places.get(letter) ?? 0) | (1 << at));
  }
  const last = 1 << (word.length - 1);
  return (to) => {
    if (word.length === 0) return to.length;
    let [more, less, diagonal, before] = [-1, 0, 0, 0];
    let distance = word.length;
    for (let at = 0; at < to.length; at++) {
      const here = places.get(to.charAt(at)) ?? 0;
      const swapped = ((~diagonal & here) << 1) & before;
      diagonal = (((here & more) + more) ^ more) | here | less | swapped;
      const right = less | ~(diagonal | more);
      const left = diagonal & more;
      if ((right & last) !== 0) distance++;
      if ((left & last) !== 0) distance--;
      const shifted = (right << 1) | 1;
      more = (left << 1) | ~(diagonal | shifted);
      less = shifted & diagonal;
      before = here;
    }
    return distance;
  };
}

/** A third of the letters may be wrong, but none of a word of one letter. */
function allowedErrors(candidate: string): number {
  return candidate.length === 1 ? 0 : Math.max(1, Math.floor(candidate.length / 3));
}

/** Only the last names defined above a misspelt one are compared with it: a longer search costs more than it helps. */
export const MOST_CANDIDATES = 100;

/** The candidate nearest to the word; null if none is near enough. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > LONGEST_WORD) return null;
  const lower = word.toLowerCase().slice(0, LONGEST_WORD);
  const distanceTo = distancesFrom(lower);
  let found: string | null = null;
  let best = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const allowed = Math.min(allowedErrors(candidate), best - 1);
    if (Math.abs(candidate.length - lower.length) > allowed) continue;
    const distance = distanceTo(candidate.toLowerCase());
    if (distance <= allowed) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}
