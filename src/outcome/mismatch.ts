/** A mismatch as a person wants it: the scenario up to the line, and both sides with what differs marked. */
import type { Mismatch, Recording } from './compare';
import type { Outcome } from './record';

/** Width of a column of the side-by-side view. */
const COLUMN = 46;

/** One entry a line, so that the first difference has a line of its own. */
function linesOf(outcome: Outcome | null): readonly string[] {
  if (outcome === null) return ['(no such statement)'];
  const { result, exit, left, faults, sptes, flush } = outcome;
  return [
    `result ${result}${left === undefined ? '' : `, left ${left}`}`,
    `exit   ${exit === undefined ? '-' : JSON.stringify(exit)}`,
    ...faults.map(([gpa, code]) => `fault  ${gpa} ${code}`),
    ...sptes.map(([gfn, level, from, to]) => `spte   ${gfn} level ${level} ${from} > ${to}`),
    `flush  ${flush}`,
  ];
}

/** Lines beyond these, counted from the first difference, are left out. */
const CONTEXT = 12;

/** Both sides; `>` marks the first line that differs. */
export function sideBySide(expected: Outcome | null, actual: Outcome | null): readonly string[] {
  const left = linesOf(expected);
  const right = linesOf(actual);
  const length = Math.max(left.length, right.length);
  let first = 0;
  while (first < length && left[first] === right[first]) first++;
  const from = Math.max(0, first - CONTEXT);
  const to = Math.min(length, first + CONTEXT);
  const rows = [`${'  kernel'.padEnd(COLUMN)}simulator`];
  if (from > 0) rows.push(`  … ${from} lines that agree`);
  for (let at = from; at < to; at++) {
    const mark = at === first ? '> ' : '  ';
    rows.push(`${mark}${(left[at] ?? '').padEnd(COLUMN - 2)}${right[at] ?? ''}`.trimEnd());
  }
  if (to < length) rows.push(`  … ${length - to} more lines`);
  return rows;
}

export function mismatchText({ name, kernel, source }: Recording, mismatch: Mismatch): string {
  const scenario = source
    .split('\n')
    .slice(0, mismatch.line)
    .map((text, at) => `${String(at + 1).padStart(4)} ${text}`);
  return [
    `${name} on ${kernel} differs at line ${mismatch.line}:`,
    ...scenario,
    '',
    ...sideBySide(mismatch.expected, mismatch.actual),
    '',
  ].join('\n');
}
