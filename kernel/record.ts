/** Runs scenarios on a real kernel. */
import type { CompiledStatement, Program } from '../src/language';
import { buildKernel } from './build';
import type { RealKernel } from './catalogue';
import { encodeScenario } from './encode';
import { buildInitramfs } from './initramfs';
import { decodeLine, type KernelRecord } from './protocol';
import { bootMachine } from './qemu';
import { demand, TO_RUN } from './requirements';

export interface NamedProgram {
  readonly name: string;
  readonly program: Program;
}

/** A statement and what the kernel did for it. */
export interface RecordedStatement extends KernelRecord {
  /** Line of the statement's keyword, from 1. */
  readonly line: number;
}

export interface RecordOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told in a few words what goes on. */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Told of each statement that could not be performed; from there on the scenario is another one. */
  readonly onSkipped?: ((name: string, line: number, why: string) => void) | undefined;
}

/** Takes what the guest prints and puts it beside the statements it belongs to. */
export class Recorder {
  readonly records: RecordedStatement[][];
  private readonly ended = new Set<number>();
  private finished = false;
  /** The scenario and statement that are next, for errors. */
  private at = { scenario: 0, index: 0 };

  constructor(
    private readonly scenarios: readonly NamedProgram[],
    private readonly options: Pick<RecordOptions, 'onProgress' | 'onSkipped'> = {},
  ) {
    this.records = scenarios.map(() => []);
  }

  /** @throws Error where the line is not of the protocol, or the guest program gave up. */
  takeLine(line: string): void {
    const message = decodeLine(line);
    switch (message.kind) {
      case 'statement': {
        const { line } = this.statement(message.scenario, message.index);
        this.records[message.scenario]!.push({ line, ...message.record });
        this.at = { scenario: message.scenario, index: message.index + 1 };
        return;
      }
      case 'skipped': {
        const { line } = this.statement(message.scenario, message.index);
        this.onProgress(`${this.scenarios[message.scenario]!.name}:${line}: not performed, ${message.why}`);
        this.at = { scenario: message.scenario, index: message.index + 1 };
        return;
      }
      case 'end':
        this.ended.add(message.scenario);
        this.at = { scenario: message.scenario + 1, index: 0 };
        this.options.onProgress?.(`${this.ended.size} of ${this.scenarios.length} scenarios`);
        return;
      case 'bye':
        this.finished = true;
        return;
      case 'fatal':
        throw new Error(`the guest program gave up at ${this.place()}: ${message.what}`);
    }
  }

  /** @throws Error where the machine ended before every scenario did. */
  finish(): readonly (readonly RecordedStatement[])[] {
    const lost = this.scenarios.findIndex((_, number) => !this.ended.has(number));
    if (lost >= 0 || !this.finished) throw new Error(`the machine ended at ${this.place()}`);
    return this.records;
  }

  /** Where it was when it last spoke. */
  place(): string {
    const scenario = this.scenarios[this.at.scenario];
    if (scenario === undefined) return 'the end of the last scenario';
    const statement = scenario.program.statements[this.at.index];
    return statement === undefined ? `the end of ${scenario.name}` : `${scenario.name}:${statement.line}`;
  }

  private statement(scenario: number, index: number): CompiledStatement {
    const statement = this.scenarios[scenario]?.program.statements[index];
    if (statement === undefined) {
      throw new Error(`the guest program printed statement ${index} of scenario ${scenario}: there is none`);
    }
    return statement;
  }
}

/**
 * Runs scenarios on a real kernel, one after the other in one boot, each in a VM of its own. Builds the
 * kernel first if need be. The kernel that a scenario names, and its knobs, do not matter here.
 * @returns For each scenario, a record for each statement in order. A statement that cannot be performed (it
 * moves a slot that is not there, say) has none; `onSkipped` is told why.
 * @throws Error where something is missing on this machine (it says what to install), a program has errors,
 * or the machine ends early (it says at which statement, and what the console said).
 */
export async function runOnKernel(
  kernel: RealKernel,
  scenarios: readonly NamedProgram[],
  options: RecordOptions = {},
): Promise<readonly (readonly RecordedStatement[])[]> {
  const { signal, onProgress } = options;
  for (const { name, program } of scenarios) {
    const [error] = program.errors;
    if (error !== undefined) throw new Error(`${name} has an error and cannot be run: ${error.message}`);
  }
  await demand(TO_RUN, 'Running scenarios on a real kernel');
  const image = await buildKernel(kernel, options);
  const encoded = scenarios.map(({ program }, number) => encodeScenario(number, program)).join('');
  const initramfs = await buildInitramfs(encoded, signal);

  onProgress?.(`${kernel}: booting`);
  const recorder = new Recorder(scenarios, {
    onProgress: (text) => onProgress?.(`${kernel}: ${text}`),
    onSkipped: options.onSkipped,
  });
  await bootMachine({ image, initramfs, signal, onLine: (line) => recorder.takeLine(line) }).catch(
    (error) => {
      if (signal?.aborted) throw error;
      throw new Error(`${kernel} failed at ${recorder.place()}: ${error.message}`);
    },
  );
  return recorder.finish();
}
