import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, it, test } from 'vitest';
import { PROCEDURES } from '../../src/simulator/procedures';

const root = path.resolve(import.meta.dirname, '../..');
const folder = 'docs/gallery';
const find = (pattern: string) => globSync(pattern, { cwd: root }).sort();
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const index = `${folder}/README.md`;
const pages = find(`${folder}/*.md`).filter((file) => file !== index);

/** Labels of the steps of all procedures, whichever knob they hang on. */
const labels = new Set(
  [...PROCEDURES.values()].flatMap(({ steps }) =>
    steps
      .flatMap((part) => ('knob' in part ? Object.values(part.variants).flat() : [part]))
      .map(({ label }) => label),
  ),
);

/** Files of the project that a document links or shows, from the top of the project. */
function linked(file: string): string[] {
  return [...read(file).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => path.posix.join(path.posix.dirname(file), target));
}

describe('the gallery', () => {
  it.each(find('examples/{bugs,races}/*.gmem'))('tells %s on a page', (example) => {
    expect(pages.filter((page) => linked(page).includes(example))).not.toEqual([]);
  });

  test('lists every page once, and no others', () => {
    const listed = read(index)
      .split('\n')
      .flatMap((line) => /^\| \[[^\]]+\]\(([a-z0-9-]+\.md)\)/.exec(line)?.[1] ?? []);
    expect(listed.map((name) => `${folder}/${name}`).sort()).toEqual(pages);
  });

  test('lists pages under their titles', () => {
    const titles = pages.map((page) => [path.basename(page), /^# (.+)/.exec(read(page))?.[1]]);
    for (const [name, title] of titles) expect(read(index)).toContain(`[${title}](${name})`);
  });

  test('has every fixed bug of docs/kernels.md', () => {
    const section = read('docs/kernels.md').split('\n## Fixed bugs\n')[1]!.split('\n## ')[0]!;
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.filter((row) => !/\]\(gallery\/[a-z-]+\.md\)/.test(row))).toEqual([]);
  });

  test('has no drawing that no page shows', () => {
    const shown = pages.flatMap(linked);
    expect(find(`${folder}/*.svg`).filter((file) => !shown.includes(file))).toEqual([]);
  });
});

describe.each([...pages, index])('%s', (page) => {
  test('links to what is there', () => {
    expect(linked(page).filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  if (page === index) return;
  test('has a title, a scenario, a figure, the reason, the fix, and what to try', () => {
    const text = read(page);
    const parts = [
      /^# /,
      /\n```gmem\n/,
      /\n<!-- gmem: figure of .*\n!\[.+\]\(/,
      /\n## Why\n/,
      /\n## What fixed it\n/,
    ];
    const places = [...parts, /\n## Try\n/].map((part) => text.search(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test('names steps that there are', () => {
    const prose = read(page).replace(/```[\s\S]*?```|`[^`]*`/g, '');
    const named = prose.match(/\b[A-Z]{1,3}\d+[a-z]*\b/g) ?? [];
    expect(named.filter((label) => !labels.has(label))).toEqual([]);
  });

  test('names its scenario and its figures after itself', () => {
    const name = path.basename(page, '.md');
    expect(read(page)).toContain(`<!-- gmem: name ${name} -->`);
    const drawings = linked(page).filter((file) => file.endsWith('.svg'));
    expect(drawings.filter((file) => !path.basename(file).startsWith(name))).toEqual([]);
  });
});
