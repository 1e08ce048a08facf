/** `npm run conformance [FILE.jsonl…]`: compares the simulator with recordings of real kernels. */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inOrder } from '../src/cli/parallel';
import { compareAll, jobsOf, readLines } from './conformance-jobs';

/** Mismatches that are printed in full; the table counts all. */
const SHOWN = 5;

const corpus = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../test/conformance');

function recordingFiles(): readonly string[] {
  const given = process.argv.slice(2);
  if (given.length > 0) return given;
  return readdirSync(corpus)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => path.join(corpus, name));
}

interface Count {
  agree: number;
  differ: number;
}

/** Kernel, then keyword. */
const counts = new Map<string, Map<string, Count>>();
const reports: string[] = [];
let failures = 0;
let scenarios = 0;

function count(kernel: string, keyword: string, agrees: boolean): void {
  const byKeyword = counts.get(kernel) ?? new Map<string, Count>();
  counts.set(kernel, byKeyword);
  const cell = byKeyword.get(keyword) ?? { agree: 0, differ: 0 };
  byKeyword.set(keyword, cell);
  if (agrees) cell.agree++;
  else cell.differ++;
}

const started = performance.now();
const workers = {
  task: 'conformance',
  script: new URL('./conformance-worker.mjs', import.meta.url),
  helpers: availableParallelism() - 1,
};
await inOrder(workers, jobsOf(recordingFiles().flatMap(readLines)), compareAll, (all) => {
  for (const { kernel, statements, reports: told } of all) {
    scenarios++;
    for (const { keyword, agrees } of statements) count(kernel, keyword, agrees);
    reports.push(...told);
    if (told.length > 0) failures++;
  }
});
const seconds = (performance.now() - started) / 1000;

const kernels = [...counts.keys()].sort();
const keywords = [...new Set([...counts.values()].flatMap((byKeyword) => [...byKeyword.keys()]))].sort();

function cell(kernel: string, keyword: string): string {
  const { agree, differ } = counts.get(kernel)?.get(keyword) ?? { agree: 0, differ: 0 };
  return differ === 0 ? `${agree}` : `${agree}/${agree + differ}`;
}

function row(head: string, cells: readonly string[]): string {
  return head.padEnd(12) + cells.map((text) => text.padStart(14)).join('');
}

for (const report of reports.slice(0, SHOWN)) console.log(report);
if (reports.length > SHOWN) console.log(`… and ${reports.length - SHOWN} more scenarios that differ\n`);
console.log(row('statement', kernels));
for (const keyword of keywords)
  console.log(
    row(
      keyword,
      kernels.map((kernel) => cell(kernel, keyword)),
    ),
  );
const total = [...counts.values()].flatMap((byKeyword) => [...byKeyword.values()]);
const agreed = total.reduce((sum, { agree }) => sum + agree, 0);
const counted = total.reduce((sum, { agree, differ }) => sum + agree + differ, 0);
console.log(
  `\n${scenarios} scenarios, ${failures} differ; ${agreed} of ${counted} statements agree (${seconds.toFixed(1)} s)`,
);
if (failures > 0 || scenarios === 0) process.exitCode = 1;
