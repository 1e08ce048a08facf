/** Runs scenarios whose calls are suspended on a real kernel. */
import { elementAt } from '../../src/simulator';
import { buildKernel } from '../build';
import type { RealKernel } from '../catalogue';
import { buildInitramfs } from '../initramfs';
import { bootMachine } from '../qemu';
import type { NamedProgram, RecordListener } from '../recorder';
import { demand, TO_RUN } from '../requirements';
import { decodeRaceLine, type RaceRecord } from './decode';
import { encodeRace } from './encode';

export interface RecordedRaceStatement extends RaceRecord {
  readonly line: number;
}

export interface RaceOptions extends RecordListener {
  readonly signal?: AbortSignal | undefined;
}

/** The records of a scenario; null if it brought the machine down before it printed them. */
export type RaceRecords = readonly RecordedRaceStatement[] | null;

/** A machine can fail to boot on a busy host, so a scenario is lost only if this many machines ended in it. */
const ATTEMPTS = 2;

interface Boot {
  readonly kernel: RealKernel;
  readonly image: string;
  readonly scenarios: readonly NamedProgram[];
  readonly options: RaceOptions;
}

/** Boots once, and runs the scenarios from `first` on. Returns the number of those that are done. */
async function bootFrom(
  { kernel, image, scenarios, options }: Boot,
  first: number,
  records: (RecordedRaceStatement[] | null)[],
): Promise<number> {
  const { signal, onProgress, onSkipped } = options;
  const encoded = scenarios.slice(first).map(({ program }, at) => encodeRace(first + at, program));
  const initramfs = await buildInitramfs(encoded.join(''), signal, 'races');
  let done = first;
  const onLine = (line: string) => {
    const message = decodeRaceLine(line);
    if (message.kind === 'fatal') throw new Error(`the guest program gave up: ${message.what}`);
    if (message.kind === 'bye' || message.kind === 'hung') return;
    const { name, program } = elementAt(scenarios, message.scenario);
    if (message.kind === 'end') {
      done = message.scenario + 1;
      onProgress?.(`${kernel}: ${done} of ${scenarios.length} scenarios`);
      return;
    }
    const { line: at } = elementAt(program.statements, message.index);
    if (message.kind === 'skipped') onSkipped?.(name, at, message.why);
    else elementAt(records, message.scenario)?.push({ line: at, ...message.record });
  };
  onProgress?.(`${kernel}: booting`);
  await bootMachine({ image, initramfs, signal, onLine, parallel: true }).catch((error) => {
    // A scenario can bring the machine down, as it can a real one; the others are run in another.
    if (signal?.aborted || done >= scenarios.length) throw error;
    onProgress?.(`${kernel}: ${elementAt(scenarios, done).name} ended the machine: ${error.message}`);
  });
  return done;
}

/**
 * Runs each scenario in a VM of its own. Every call has a thread, and is suspended where the scenario says.
 * @returns For each scenario, the records of its statements.
 * @throws Error if this machine lacks something, or a program has errors.
 */
export async function runRaces(
  kernel: RealKernel,
  scenarios: readonly NamedProgram[],
  options: RaceOptions = {},
): Promise<readonly RaceRecords[]> {
  for (const { name, program } of scenarios) {
    const [error] = program.errors;
    if (error !== undefined) throw new Error(`${name} has an error and cannot be run: ${error.message}`);
  }
  await demand(TO_RUN, 'Running scenarios on a real kernel');
  const image = await buildKernel(kernel, { ...options, points: true });
  const records: (RecordedRaceStatement[] | null)[] = scenarios.map(() => []);
  let attempts = 0;
  for (let done = 0; done < scenarios.length; ) {
    const first = done;
    done = await bootFrom({ kernel, image, scenarios, options }, first, records);
    attempts = done > first ? 0 : attempts + 1;
    if (attempts < ATTEMPTS) {
      if (attempts > 0) records[first] = [];
      continue;
    }
    records[first] = null;
    attempts = 0;
    done++;
  }
  return records;
}
