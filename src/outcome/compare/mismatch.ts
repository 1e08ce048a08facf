/** Prints a mismatch: the scenario up to the line, and both sides with the first difference marked. */

import type { Outcome } from '../json/outcome';
import type { Mismatch, Recording } from './recordings';

/** The sections of one side: result, exit, faults, entries, flush. */
function sectionsOf(outcome: Outcome | null): readonly (readonly string[])[] {
  if (outcome === null) return [['(no such statement)'], [], [], [], []];
  const { result, exit, left, faults, sptes, flush } = outcome;
  return [
    [`result ${result}${left === undefined ? '' : `, left ${left}`}`],
    [`exit   ${exit === undefined ? '-' : JSON.stringify(exit)}`],
    faults.map(([gpa, code]) => `fault  ${gpa} ${code}`),
    sptes.map(([gfn, level, from, to]) => `spte   ${gfn} level ${level} ${from} > ${to}`),
    [`flush  ${flush}`],
  ];
}

/** The rows of both sides; a section that is shorter on one side is padded with empty cells. */
function rowsOf(expected: Outcome | null, actual: Outcome | null): readonly (readonly [string, string])[] {
  const right = sectionsOf(actual);
  return sectionsOf(expected).flatMap((section, at) => {
    const other = right[at] ?? [];
    const length = Math.max(section.length, other.length);
    return Array.from({ length }, (_, row) => [section[row] ?? '', other[row] ?? ''] as const);
  });
}

/** Rows further from the first difference than this are omitted. */
const CONTEXT = 12;

/** Both sides, with `>` before the first row that differs. */
function sideBySide(expected: Outcome | null, actual: Outcome | null): readonly string[] {
  const rows = rowsOf(expected, actual);
  const first = rows.findIndex(([left, right]) => left !== right);
  const from = Math.max(0, first - CONTEXT);
  const to = Math.min(rows.length, first + CONTEXT);
  const shown = [['kernel', 'simulator'] as const, ...rows.slice(from, to)];
  const width = Math.max(...shown.map(([left]) => left.length)) + 2;
  const text = shown.map(([left, right], at) => {
    const mark = at > 0 && from + at - 1 === first ? '> ' : '  ';
    return `${mark}${left.padEnd(width)}${right}`.trimEnd();
  });
  const before = from > 0 ? [`  … ${from} rows that agree`] : [];
  const after = to < rows.length ? [`  … ${rows.length - to} more rows`] : [];
  return [text[0] ?? '', ...before, ...text.slice(1), ...after];
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
