/** "Did you mean": finds the known word nearest to a misspelt one. */

import { elementAt } from '../../simulator';

/** Longer words get no suggestion: the comparison takes quadratic time. */
const LONGEST_WORD = 32;

/** Number of letters to add, drop, replace or swap with their neighbour to get from one word to another. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let best = Math.min(
        elementAt(last, column) + 1,
        elementAt(current, column - 1) + 1,
        elementAt(last, column - 1) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) best = Math.min(best, elementAt(beforeLast, column - 2) + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return elementAt(last, to.length);
}

/** A third of the letters may be wrong, but none of a word of one letter. */
function allowedErrors(candidate: string): number {
  return candidate.length === 1 ? 0 : Math.max(1, Math.floor(candidate.length / 3));
}

/** The candidate nearest to the word; null if none is near enough. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > LONGEST_WORD) return null;
  const lower = word.toLowerCase();
  let found: string | null = null;
  let best = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const allowed = allowedErrors(candidate);
    if (Math.abs(candidate.length - lower.length) > allowed) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance <= allowed && distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}
