/**
 * `npx tsx test/kernel/races/write-races.ts FOLDER KERNEL [COUNT] [SEED]`: random scenarios of two or three calls that are
 * suspended at steps with a point, as files, to be forced on a real kernel by `gmemscope verify FOLDER/*.gmem --kernel KERNEL`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { unforcedStatements } from '../../../kernel/races/encode';
import { analyze } from '../../../src/language';
import { races } from '../../generators/races';

const [folder, kernel, count = '60', seed = '1'] = process.argv.slice(2);
if (folder === undefined || kernel === undefined) {
  console.error('write-races FOLDER KERNEL [COUNT] [SEED]');
  process.exit(2);
}

/** Whether a real kernel under QEMU can run it. */
function canBeForced(text: string): boolean {
  const [program] = analyze(text).programs;
  const { vm } = program.setup;
  if (program.errors.length > 0 || (vm !== 'default' && vm !== 'sw-protected')) return false;
  if (program.statements.some(({ call }) => call.kind === 'poison')) return false;
  return unforcedStatements(program).length === 0;
}

mkdirSync(folder, { recursive: true });
const options = { numRuns: Number(count), seed: Number(seed) };
fc.sample(races(kernel).filter(canBeForced), options).forEach((text, at) => {
  const file = path.join(folder, `${seed}-${String(at).padStart(4, '0')}.gmem`);
  writeFileSync(file, `${text}\n`);
});
