/**
 * `npx tsx test/generators/write-scenarios.ts FOLDER KERNEL [COUNT] [SEED] [wild|vms]`: random scenarios as files, to be
 * run on a real kernel by `gmemscope verify FOLDER/*.gmem --kernel KERNEL`. Wild ones have numbers at every edge; those of
 * `vms` have several VMs and try to launch them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { analyze } from '../../src/language';
import type { Call } from '../../src/simulator/calls';
import { scenarios } from './scenarios';
import { severalVms } from './several-vms';
import { wildScenarios } from './wild';

const [folder, kernel, count = '60', seed = '1', kind = 'meaningful'] = process.argv.slice(2);
if (folder === undefined || kernel === undefined) {
  console.error('write-scenarios FOLDER KERNEL [COUNT] [SEED] [wild|vms]');
  process.exit(2);
}

mkdirSync(folder, { recursive: true });
const options = { numRuns: Number(count), seed: Number(seed) };
const kernels = [kernel];
const KINDS: Readonly<Record<string, () => fc.Arbitrary<string>>> = {
  wild: () => wildScenarios(['default', 'sw-protected']),
  vms: () => severalVms({ kernels }),
  meaningful: () => scenarios({ kernels, minStatements: 20, maxStatements: 60 }),
};
const arbitrary = (KINDS[kind] ?? KINDS.meaningful!)();

/** Pages that a real kernel can go through one by one: what it keeps for each of them has to fit its memory. */
const MOST_BYTES = 64n * 1024n * 1024n;

function takesTooLong(call: Call): boolean {
  return (
    (call.kind === 'convert' ||
      call.kind === 'psc' ||
      call.kind === 'prefault' ||
      call.kind === 'allocate') &&
    call.size > MOST_BYTES
  );
}

/** Calls that the recordings were made with; the others are of hardware that the recording machines lack. */
const RECORDED: ReadonlySet<Call['kind']> = new Set([
  ...(['gmem', 'slot', 'delete', 'move', 'convert', 'fault', 'prefault'] as const),
  ...(['allocate', 'punch', 'truncate', 'close', 'discard', 'host', 'poison', 'psc'] as const),
  ...(['vm', 'switch', 'launch-update', 'launch-finish'] as const),
]);

function isOnlySimulated(call: Call): boolean {
  if (call.kind === 'gmem') return call.huge;
  return !RECORDED.has(call.kind);
}

/** The text without the lines that have errors, and those that a real kernel cannot do, or never be done with. */
function forRealKernels(text: string): string {
  const { errors, statements } = analyze(text).programs[0];
  const wrong = new Set(errors.map(({ span }) => lineOf(text, span.start)));
  for (const { call, line } of statements)
    if (takesTooLong(call) || isOnlySimulated(call)) wrong.add(line - 1);
  return text
    .split('\n')
    .filter((_, at) => !wrong.has(at))
    .join('\n');
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length - 1;
}

fc.sample(arbitrary, options).forEach((text, at) => {
  const file = path.join(folder, `${seed}-${String(at).padStart(3, '0')}.gmem`);
  writeFileSync(file, `${forRealKernels(text).trimEnd()}\n`);
});
