/**
 * `npx tsx test/generators/write-scenarios.ts FOLDER KERNEL [COUNT] [SEED]`: random scenarios as files, to be run on a
 * real kernel by `gmemscope verify FOLDER/*.gmem`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { scenarios } from './scenarios';

const [folder, kernel, count = '60', seed = '1'] = process.argv.slice(2);
if (folder === undefined || kernel === undefined) {
  console.error('write-scenarios FOLDER KERNEL [COUNT] [SEED]');
  process.exit(2);
}

mkdirSync(folder, { recursive: true });
const options = { numRuns: Number(count), seed: Number(seed) };
fc.sample(scenarios({ kernels: [kernel], minStatements: 20, maxStatements: 60 }), options).forEach(
  (text, at) => {
    writeFileSync(path.join(folder, `${seed}-${String(at).padStart(3, '0')}.gmem`), text);
  },
);
