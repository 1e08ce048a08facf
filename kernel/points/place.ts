/** Adds points to the source of a kernel. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RealKernel } from '../catalogue';
import { kernelFolder } from '../folders';
import { inKernel, type Point, statementOf } from './point';
import { HOOKS, POINTS } from './table';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The definitions of a function: from its name to its closing brace, which starts a line. */
function definitions(text: string, name: string): readonly Range[] {
  const found: Range[] = [];
  for (const { index } of text.matchAll(new RegExp(`\\b${name}\\(`, 'g'))) {
    const line = text.lastIndexOf('\n', index) + 1;
    if (/^[\s*/#]/.test(text.slice(line, index + 1))) continue;
    const next = text.slice(index).search(/[;{]/);
    if (next < 0 || text[index + next] !== '{') continue;
    const end = text.indexOf('\n}', index);
    if (end >= 0) found.push({ start: index, end });
  }
  return found;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** What is inserted, and where. */
interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** @throws Error that names the label, if its place is missing or ambiguous. */
function insertionOf(text: string, point: Point, kernel: RealKernel): Insertion | null {
  const name = inKernel(point.function, kernel);
  const anchor = inKernel(point.anchor, kernel);
  if (name === null || anchor === null) return null;
  const fail = (what: string): never => {
    throw new Error(`point ${point.label} of ${kernel}: ${what} in ${point.file}`);
  };
  const [body, ...others] = definitions(text, name);
  if (body === undefined) return fail(`${name}() is not defined`);
  if (others.length > 0) return fail(`${name}() is defined ${others.length + 1} times`);
  const inside = text.slice(body.start, body.end);
  const times = count(inside, anchor);
  if (times !== 1) return fail(`\`${anchor}\` occurs ${times} times in ${name}()`);
  const found = body.start + inside.indexOf(anchor);
  const line = text.lastIndexOf('\n', found) + 1;
  const indent = /^\s*/.exec(text.slice(line))?.[0] ?? '';
  const at = point.where === 'after' ? text.indexOf('\n', found + anchor.length) + 1 : line;
  return { at, text: `${indent}${statementOf(point, kernel)}\n` };
}

const INCLUDE = '#include <linux/kvm_points.h>\n';

/**
 * A source file with its points. All places are found in the original text, so points at one place keep their order.
 * @throws Error that names the label of a point whose place is missing or ambiguous.
 */
export function withPoints(text: string, points: readonly Point[], kernel: RealKernel): string {
  const insertions = points.flatMap((point) => insertionOf(text, point, kernel) ?? []);
  const first = text.indexOf('#include');
  const all = [{ at: Math.max(first, 0), text: INCLUDE }, ...insertions];
  let result = '';
  let from = 0;
  for (const { at, text: added } of all.toSorted((a, b) => a.at - b.at)) {
    result += text.slice(from, at) + added;
    from = at;
  }
  return result + text.slice(from);
}

const MAKEFILE = 'virt/kvm/Makefile.kvm';
const OBJECT = '$(KVM)/binary_stats.o';

/** The files that define the points, relative to this folder, and where they belong in a kernel tree. */
const POINT_SOURCES = [
  ['kvm_points.c', 'virt/kvm/kvm_points.c'],
  ['kvm_points.h', 'include/linux/kvm_points.h'],
] as const;

/** Adds all points to an unpacked kernel tree. @throws Error as withPoints(). */
export async function placePoints(tree: string, kernel: RealKernel): Promise<void> {
  const all = [...POINTS, ...HOOKS];
  const files = [...new Set(all.map(({ file }) => file))];
  for (const file of files) {
    const path = join(tree, file);
    const points = all.filter((point) => point.file === file);
    await writeFile(path, withPoints(await readFile(path, 'utf8'), points, kernel));
  }
  for (const [from, to] of POINT_SOURCES) {
    await copyFile(join(kernelFolder(), 'points', from), join(tree, to));
  }
  const makefile = await readFile(join(tree, MAKEFILE), 'utf8');
  if (count(makefile, OBJECT) !== 1) throw new Error(`${OBJECT} is not in ${MAKEFILE} of ${kernel}`);
  await writeFile(join(tree, MAKEFILE), makefile.replace(OBJECT, `${OBJECT} $(KVM)/kvm_points.o`));
}

/** Everything that decides what the points of a kernel are: an image is cached together with it. */
export async function pointsOf(kernel: RealKernel): Promise<string> {
  const sources = POINT_SOURCES.map(([from]) => readFile(join(kernelFolder(), 'points', from), 'utf8'));
  const table = [...POINTS, ...HOOKS].map((point) =>
    [
      point.file,
      inKernel(point.function, kernel),
      inKernel(point.anchor, kernel),
      point.where,
      statementOf(point, kernel),
    ].join('|'),
  );
  return [...table, ...(await Promise.all(sources))].join('\n');
}
