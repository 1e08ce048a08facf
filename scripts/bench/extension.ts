/** The extension as installed: its size and its activation time. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../workbench/paths';
import { build } from '../build';
import { createPackage } from '../vsix';
import { printTargets } from './measure';

/** Processes that load the extension. */
const STARTS = 15;

const run = promisify(execFile);

/** Milliseconds that a new process takes for each part. */
async function activation(): Promise<{ readonly load: number; readonly activate: number }> {
  const script = path.join(projectRoot, 'scripts/bench/activation.cjs');
  const bundle = path.join(projectRoot, 'dist/extension.cjs');
  return JSON.parse((await run(process.execPath, [script, bundle])).stdout);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

async function packageSize(): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gmemscope-'));
  const file = path.join(folder, 'gmemscope.vsix');
  // The packager's own output is not needed.
  const { log } = console;
  console.log = () => {};
  try {
    await createPackage(file);
    return (await stat(file)).size;
  } finally {
    console.log = log;
    await rm(folder, { recursive: true });
  }
}

export async function benchExtension(): Promise<void> {
  await build();
  const starts = [];
  for (let at = 0; at < STARTS; at++) starts.push(await activation());
  const load = median(starts.map((one) => one.load));
  const activate = median(starts.map((one) => one.activate));
  printTargets('The extension', [
    { name: 'loading it', value: load, unit: 'ms', target: null },
    { name: 'activating it', value: activate, unit: 'ms', target: null },
    { name: 'both, in a new process', value: load + activate, unit: 'ms', target: 200 },
    { name: 'the .vsix', value: (await packageSize()) / 1000, unit: 'kB', target: 500 },
  ]);
}
