/** `npm run conformance [FILE.jsonl…]`: compares the simulator with recordings of real kernels. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareRecording, mismatchText, type Recording } from '../src/outcome';

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

function readRecordings(file: string): readonly Recording[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, at) => {
    if (line.trim() === '') return [];
    try {
      return [JSON.parse(line) as Recording];
    } catch (error) {
      throw new Error(`${file}:${at + 1} is not a recording: ${(error as Error).message}`);
    }
  });
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
for (const recording of recordingFiles().flatMap(readRecordings)) {
  const { statements, mismatches, error } = compareRecording(recording);
  scenarios++;
  for (const { keyword, agrees } of statements) count(recording.kernel, keyword, agrees);
  const [first] = mismatches;
  if (first !== undefined) reports.push(mismatchText(recording, first));
  if (error !== null) reports.push(`${recording.name} on ${recording.kernel} cannot be run: ${error}\n`);
  if (first !== undefined || error !== null) failures++;
}
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
const compared = total.reduce((sum, { agree, differ }) => sum + agree + differ, 0);
console.log(
  `\n${scenarios} scenarios, ${failures} differ; ${agreed} of ${compared} statements agree (${seconds.toFixed(1)} s)`,
);
if (failures > 0 || scenarios === 0) process.exitCode = 1;
