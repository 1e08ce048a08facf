/** Edits lines of a document; unchanged lines keep their bytes and their line endings. */

import { type LinesEdit, lineEdits } from '../language';
import { commonEnds, lastOf } from '../simulator';

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

/** Applies edits, which must not overlap; lines may be inserted before lines that are replaced. */
export function applyLines(text: string, edits: readonly LinesEdit[]): string {
  const usual = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const all = split(text);
  for (const { start, end, lines } of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) {
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

/** The same edits with whole lines, each with its line ending, for editors. Lines are numbered from 0. */
export function wholeLineEdits(text: string, edits: readonly LinesEdit[]): readonly LinesEdit[] {
  const whole = (all: readonly Line[]) => all.map(({ text: line, ending }) => line + ending);
  const [before, after] = [whole(split(text)), whole(split(applyLines(text, edits)))];
  const { head, tail } = commonEnds(before, after);
  return lineEdits(before.slice(head, before.length - tail), after.slice(head, after.length - tail), head);
}
