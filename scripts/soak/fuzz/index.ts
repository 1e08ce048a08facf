/** Runs the fuzzers in turn, until their time is over or one of them finds something. */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { documents } from './documents';
import { frames } from './frames';
import type { Fuzzer } from './fuzzer';
import { hostile } from './hostile';
import { incremental } from './incremental';
import { orders } from './orders';
import { races } from './races';
import { rows } from './rows';
import { text } from './text';
import { walks } from './walks';

export const FUZZERS: readonly Fuzzer[] = [
  text,
  incremental,
  walks,
  documents,
  frames,
  hostile,
  races,
  orders,
  rows,
];

const SECONDS = 60;

/** Number of inputs that a fuzzer tries before the next one runs. */
const BATCH = 20;

export interface FuzzOptions {
  readonly fuzzers: readonly Fuzzer[];
  readonly seconds: number;
  readonly seed: number;
}

function count(value: string, what: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`${what} must be a positive number, not ${value}`);
  return number;
}

function fuzzersOf(names: string): readonly Fuzzer[] {
  if (names === 'all') return FUZZERS;
  return names.split(',').map((name) => {
    const found = FUZZERS.find((fuzzer) => fuzzer.name === name);
    const known = FUZZERS.map((fuzzer) => fuzzer.name).join(', ');
    if (found === undefined) throw new Error(`there is no fuzzer ${name}: --fuzz takes ${known} or all`);
    return found;
  });
}

/** @throws Error if the arguments are invalid. */
export function readFuzzOptions(args: readonly string[]): FuzzOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { fuzz: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string' } },
  });
  return {
    fuzzers: fuzzersOf(values.fuzz ?? 'all'),
    seconds: values.seconds === undefined ? SECONDS : count(values.seconds, '--seconds'),
    seed: values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : count(values.seed, '--seed'),
  };
}

/** Whether nothing was found. The same seed tries the same inputs in the same order. */
export async function fuzz(
  { fuzzers, seconds, seed }: FuzzOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const end = performance.now() + seconds * 1000;
  const tried = new Map<Fuzzer, number>();
  print(`seed ${seed}, ${fuzzers.map(({ name }) => name).join(', ')}`);
  for (let batch = 0; batch === 0 || performance.now() < end; batch++) {
    for (const fuzzer of fuzzers) {
      const details = await fc.check(fuzzer.property, { seed: seed + batch, numRuns: BATCH });
      tried.set(fuzzer, (tried.get(fuzzer) ?? 0) + details.numRuns);
      if (!details.failed) continue;
      print(`\n${fuzzer.name}, found with --seed ${seed + batch}: not ${fuzzer.holds}\n`);
      print(JSON.stringify(details.counterexample, null, 2));
      print(String(details.errorInstance));
      return false;
    }
  }
  for (const [{ name, holds }, inputs] of tried)
    print(`${name}: ${inputs.toLocaleString('en')} inputs, ${holds}`);
  return true;
}
