import fc from 'fast-check';

/** The same scenario, written differently: other white space, comments, broken lines, other line ends. */

const GAPS = [' ', ' ', ' ', '  ', '\t', '\n    ', '\r\n  ', ' # a comment\n  '];
const LINE_ENDS = ['\n', '\n', '\r\n', '\n\n', '\n\n\n', ' # a comment\n', '\n# a comment\n'];

/** Lays out the words of a canonical text anew; the draws say how, over and over. */
function layOut(text: string, draws: readonly number[]): string {
  let at = 0;
  const next = (values: readonly string[]) => values[draws[at++ % draws.length]! % values.length]!;
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').reduce((before, word) => before + next(GAPS) + word))
    .reduce((before, line) => before + next(LINE_ENDS) + line);
}

/** A text of `texts` and the same in another layout. */
export function laidOut(texts: fc.Arbitrary<string>): fc.Arbitrary<{ canonical: string; text: string }> {
  return fc
    .tuple(texts, fc.array(fc.nat(55), { minLength: 1, maxLength: 50 }))
    .map(([canonical, draws]) => ({ canonical, text: layOut(canonical, draws) }));
}
