/** docs/points.md: where calls are suspended on a real kernel. */
import { KERNELS } from '../../kernel/catalogue';
import { inKernel, type Point } from '../../kernel/points/point';
import { POINTS } from '../../kernel/points/table';
import { WITHOUT_POINT } from '../../kernel/points/without';
import { code, table } from './markdown';

const INTRODUCTION = `# Points: where a call is suspended on a real kernel

\`gmemscope verify\` and \`gmemscope record\` run scenarios with \`until\` and \`continue\` on a real kernel. For this they build the
kernel with points: small additions to its source, each before the code that a step of the simulator stands for. A thread
that reaches the point of its \`until\` is parked there, as the simulator suspends the call before that step.
[kernel/](../kernel/README.md#told-orders) says how.

A point is found in the source by a short text in its function, the anchor. If an anchor is missing or ambiguous in another
version of the kernel, the build fails and names the label.

This page is generated from \`kernel/points/\` by \`npm run generate\`.`;

function functionsOf(point: Point): string {
  const names = KERNELS.map(({ name }) =>
    inKernel(point.anchor, name) === null ? null : inKernel(point.function, name),
  );
  return [...new Set(names.filter((name) => name !== null))].map(code).join(', ');
}

function kernelsOf(points: readonly Point[]): string {
  const has = KERNELS.filter(({ name }) =>
    points.some((point) => inKernel(point.anchor, name) !== null && inKernel(point.function, name) !== null),
  );
  return has.length === KERNELS.length ? 'both' : has.map(({ name }) => name).join(', ');
}

function rowsOf(file: string): readonly (readonly string[])[] {
  const byLabel = new Map<string, Point[]>();
  for (const point of POINTS.filter((one) => one.file === file)) {
    byLabel.set(point.label, [...(byLabel.get(point.label) ?? []), point]);
  }
  return [...byLabel].map(([label, points]) => [
    label,
    [...new Set(points.map(functionsOf).filter((text) => text !== ''))].join(', '),
    points.some(({ locked }) => locked === true) ? 'spins' : 'sleeps',
    kernelsOf(points),
  ]);
}

export function pointsFile(): string {
  const files = [...new Set(POINTS.map(({ file }) => file))];
  const sections = files.map(
    (file) => `## ${file}\n\n${table(['label', 'function', 'parked', 'kernels'], rowsOf(file))}`,
  );
  const without = table(
    ['why', 'labels'],
    WITHOUT_POINT.map(({ why, labels }) => [why, labels.join(', ')]),
  );
  const rest = `## Labels without a point\n\nA scenario with \`until\` one of these labels is not run on a real kernel.\n\n${without}`;
  return `${[INTRODUCTION, ...sections, rest].join('\n\n')}\n`;
}
