/** Which lines of two versions of a text correspond, so that breakpoints and jumps stay at their statements. */
import { elementAt } from '../simulator';

/** For each line of one text, from 0, its line in the other; null if it has none there. */
export type MatchedLines = readonly (number | null)[];

/** Above this many pairs of lines, differing parts of two texts are not searched for equal lines. */
const MOST_PAIRS = 4_000_000;

/** Spaces and comments do not change a statement. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').map((line) => line.replace(/#.*/, '').replace(/\s+/g, ' ').trim());
}

/** The pairs of equal lines in a longest common subsequence. */
function commonPairs(from: readonly string[], to: readonly string[]): readonly (readonly [number, number])[] {
  if (from.length * to.length > MOST_PAIRS) return [];
  const width = to.length + 1;
  const longest = new Uint32Array((from.length + 1) * width);
  for (let a = from.length - 1; a >= 0; a--) {
    for (let b = to.length - 1; b >= 0; b--) {
      longest[a * width + b] =
        from[a] === to[b]
          ? elementAt(longest, (a + 1) * width + b + 1) + 1
          : Math.max(elementAt(longest, (a + 1) * width + b), elementAt(longest, a * width + b + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let a = 0, b = 0; a < from.length && b < to.length; ) {
    if (from[a] === to[b]) pairs.push([a++, b++]);
    else if (elementAt(longest, (a + 1) * width + b) >= elementAt(longest, a * width + b + 1)) a++;
    else b++;
  }
  return pairs;
}

/** Number of equal lines at the start of both. */
function commonStart(from: readonly string[], to: readonly string[]): number {
  const most = Math.min(from.length, to.length);
  let at = 0;
  while (at < most && from[at] === to[at]) at++;
  return at;
}

/**
 * The lines of `from` in `to`. Between two equal lines, as many changed lines as there were before correspond one to
 * one: a statement that was edited stays the same statement.
 */
export function matchLines(from: string, to: string): MatchedLines {
  const a = linesOf(from);
  const b = linesOf(to);
  const start = commonStart(a, b);
  const end = commonStart(a.slice(start).reverse(), b.slice(start).reverse());
  const middle = commonPairs(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const matched: (number | null)[] = Array.from({ length: a.length }, () => null);
  const pairs = [
    ...Array.from({ length: start }, (_, at) => [at, at] as const),
    ...middle.map(([x, y]) => [x + start, y + start] as const),
    ...Array.from({ length: end }, (_, at) => [a.length - end + at, b.length - end + at] as const),
    [a.length, b.length] as const,
  ];
  let [x, y] = [0, 0];
  for (const [nextX, nextY] of pairs) {
    const isEdited = nextX - x === nextY - y;
    for (let at = 0; isEdited && x + at < nextX; at++) matched[x + at] = y + at;
    if (nextX < a.length) matched[nextX] = nextY;
    [x, y] = [nextX + 1, nextY + 1];
  }
  return matched;
}

/** The line that corresponds, or else the first below it that has one; null if there is none. Lines are from 0. */
export function matchOrBelow(matched: MatchedLines, line0: number): number | null {
  return matched.slice(line0).find((line) => line !== null) ?? null;
}
