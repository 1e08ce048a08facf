/** Assigns the guest program's output to the statements it belongs to. */
import type { CompiledStatement, Program } from '../src/language';
import { elementAt } from '../src/simulator';
import { decodeLine, type KernelRecord } from './protocol';

export interface NamedProgram {
  readonly name: string;
  readonly program: Program;
}

/** A statement and its result on the kernel. */
export interface RecordedStatement extends KernelRecord {
  /** Line of the statement's keyword, from 1. */
  readonly line: number;
}

export interface RecordListener {
  /** Called with short progress messages. */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Called for each statement that could not be performed; the rest of the scenario then runs without it. */
  readonly onSkipped?: ((name: string, line: number, why: string) => void) | undefined;
}

export class Recorder {
  readonly records: RecordedStatement[][];
  private readonly ended = new Set<number>();
  private finished = false;
  /** The next scenario and statement, for error messages. */
  private at = { scenario: 0, index: 0 };

  constructor(
    private readonly scenarios: readonly NamedProgram[],
    private readonly listener: RecordListener = {},
  ) {
    this.records = scenarios.map(() => []);
  }

  /** @throws Error if the line violates the protocol, or the guest program gave up. */
  takeLine(line: string): void {
    const message = decodeLine(line);
    switch (message.kind) {
      case 'statement': {
        const { line } = this.statement(message.scenario, message.index);
        elementAt(this.records, message.scenario).push({ line, ...message.record });
        this.at = { scenario: message.scenario, index: message.index + 1 };
        return;
      }
      case 'skipped': {
        const { line } = this.statement(message.scenario, message.index);
        this.listener.onSkipped?.(elementAt(this.scenarios, message.scenario).name, line, message.why);
        this.at = { scenario: message.scenario, index: message.index + 1 };
        return;
      }
      case 'end':
        this.ended.add(message.scenario);
        this.at = { scenario: message.scenario + 1, index: 0 };
        this.listener.onProgress?.(`${this.ended.size} of ${this.scenarios.length} scenarios`);
        return;
      case 'bye':
        this.finished = true;
        return;
      case 'fatal':
        throw new Error(`the guest program gave up at ${this.place()}: ${message.what}`);
    }
  }

  /** @throws Error if the machine ended before all scenarios were done. */
  finish(): readonly (readonly RecordedStatement[])[] {
    const lost = this.scenarios.findIndex((_, number) => !this.ended.has(number));
    if (lost >= 0 || !this.finished) throw new Error(`the machine ended at ${this.place()}`);
    return this.records;
  }

  /** The position of its last output. */
  place(): string {
    const scenario = this.scenarios[this.at.scenario];
    if (scenario === undefined) return 'the end of the last scenario';
    const statement = scenario.program.statements[this.at.index];
    return statement === undefined ? `the end of ${scenario.name}` : `${scenario.name}:${statement.line}`;
  }

  private statement(scenario: number, index: number): CompiledStatement {
    const statement = this.scenarios[scenario]?.program.statements[index];
    if (statement === undefined) {
      throw new Error(
        `the guest program printed statement ${index} of scenario ${scenario}, which does not exist`,
      );
    }
    return statement;
  }
}
