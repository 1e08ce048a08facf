/** The simulator: statements per second, one step, and the cost of memory size. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { KERNELS } from '../../kernel/catalogue';
import { analyze } from '../../src/language';
import { compareRecording, type Recording, runScenario, transcript } from '../../src/outcome';
import { isRunning, startCall } from '../../src/simulator/run';
import { initialState, type State } from '../../src/simulator/state';
import { stepTask } from '../../src/simulator/step-task';
import { workloads } from './extents';
import { measure, printRatio, printTable, printTargets } from './measure';

const root = path.resolve(import.meta.dirname, '../..');

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** All states of a scenario in which a step can be taken. */
function runningStates(text: string): readonly State[] {
  const { setup, statements } = analyze(text).programs[0];
  const states: State[] = [];
  let state = initialState(setup);
  for (const { call } of statements) {
    state = startCall(state, 0, call);
    while (isRunning(state)) {
      states.push(state);
      state = stepTask(state).state;
    }
  }
  return states;
}

/** The same ranges, `scale` times as large. */
function scaled(size: string, unit: bigint): string {
  return `kernel linux-7.3 with phys-bits bits-48
vm sw-protected
gmem A size ${size}
slot 0 gpa 0 size ${unit * 512n} gmem A offset 0
convert gpa 0 size ${unit * 256n} private
prefault vcpu 0 gpa 0 size ${unit * 512n}
convert gpa ${unit * 64n} size ${unit * 64n} shared
prefault vcpu 0 gpa 0 size ${unit * 512n}
punch A offset ${unit * 32n} size ${unit * 128n}
prefault vcpu 0 gpa 0 size ${unit * 512n}
`;
}

/** What `run` adds to the simulator, at most, as a factor. */
const DESCRIPTION_TARGET = 1.5;

/** Takes everything and keeps nothing. */
function exhaust(all: Iterator<unknown>): void {
  while (all.next().done !== true);
}

/** The time of `run` without printing, over that of the simulator alone. */
async function benchDescriptions(): Promise<void> {
  for (const lines of [500, 1_000, 2_000, 10_000]) {
    const quantities = [];
    for (const { name, text } of workloads(lines)) {
      const [program] = analyze(text).programs;
      const rows = await measure([
        { name: 'bare', run: () => exhaust(runScenario(program)) },
        { name: 'described', run: () => exhaust(transcript(text, program)) },
      ]);
      const [bare, described] = rows.map(({ seconds }) => seconds);
      quantities.push({ name, value: described! / bare!, unit: '', target: DESCRIPTION_TARGET });
    }
    printTargets(
      `Running and describing, over running alone: ${lines.toLocaleString('en')} statements`,
      quantities,
    );
  }
}

export async function benchSimulator(): Promise<void> {
  const program = analyze(read('examples/hole-across-two-slots.gmem')).programs[0];
  const states = runningStates(read('examples/hole-across-two-slots.gmem'));
  const recordings = [...KERNELS.map((kernel) => kernel.name), 'curated'].flatMap((name) =>
    read(`test/conformance/${name}.jsonl`)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Recording),
  );
  const recorded = recordings.reduce((sum, { expected }) => sum + expected.length, 0);
  printTable(
    'Simulator',
    await measure([
      {
        name: 'run a scenario',
        run: () => [...runScenario(program)],
        amount: { count: program.statements.length, unit: 'statements' },
      },
      {
        name: 'fork and step',
        run: () => states.map((state) => stepTask(state)),
        amount: { count: states.length, unit: 'steps' },
      },
      {
        name: 'conformance, all recordings',
        run: () => recordings.map(compareRecording),
        amount: { count: recorded, unit: 'statements' },
      },
    ]),
  );

  const sizes = [
    ['2 MiB', scaled('2M', 4096n)],
    ['2 GiB', scaled('2G', 4096n * 1024n)],
    ['4 TiB', scaled('4T', 4096n * 1024n * 2048n)],
  ] as const;
  const rows = await measure(
    sizes.map(([name, text]) => {
      const scenario = analyze(text).programs[0];
      return { name, run: () => [...runScenario(scenario)] };
    }),
  );
  printTable('Prefault, convert and punch: the same ranges in slots of', rows);
  printRatio(rows);
  await benchDescriptions();
}
