/** From scenarios to recordings of a real kernel. */
import path from 'node:path';
import { isRealKernel, KERNELS, type RealKernel } from '../../kernel/catalogue';
import { type NamedProgram, runOnKernel } from '../../kernel/record';
import { analyze, type Program, type Statement } from '../language';
import type { RecordedStatement, Recording } from '../outcome';
import { UsageError } from './exit';
import type { Scenario } from './scenario';

/** @throws UsageError where no such kernel can be built. */
export function realKernel(name: string): RealKernel {
  if (isRealKernel(name)) return name;
  const known = KERNELS.map((kernel) => kernel.name).join(' or ');
  throw new UsageError(`\`${name}\` is no kernel that can be run for real: say --kernel ${known}`);
}

/** The text with `kernel NAME` as its first statement, in place of the one it has. */
export function withKernel(text: string, kernel: RealKernel): string {
  const statement = analyze(text).document.statements.find(({ keyword }) => keyword === 'kernel');
  if (statement === undefined) return `kernel ${kernel}\n${text}`;
  const { start, end } = statement.span;
  // Lines stay where they are: errors and records are found by them.
  const lines = text.slice(start, end).split('\n').length - 1;
  return `${text.slice(0, start)}kernel ${kernel}${'\n'.repeat(lines)}${text.slice(end)}`;
}

/** The text without the statements, each line of which becomes a `#`. */
function leaveOut(text: string, statements: readonly Statement[]): string {
  return statements.reduceRight((rest, { span }) => {
    const blank = rest.slice(span.start, span.end).replace(/[^\n]+/g, '#');
    return rest.slice(0, span.start) + blank + rest.slice(span.end);
  }, text);
}

interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly program: Program;
}

function prepare({ file, text }: Scenario, kernel: RealKernel): Prepared {
  const changed = withKernel(text, kernel);
  return { name: path.basename(file, '.gmem'), text: changed, program: analyze(changed).program };
}

function recording(
  { name, text, program }: Prepared,
  kernel: RealKernel,
  records: readonly RecordedStatement[],
): Recording {
  const performed = new Set(records.map(({ line }) => line));
  const missing = program.statements.filter(({ line }) => !performed.has(line));
  const source = leaveOut(
    text,
    missing.map(({ statement }) => statement),
  );
  return { name, kernel, source, expected: records };
}

export interface RecordingOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
  /** Told of each statement that cannot be performed, and is left out. */
  readonly onSkipped: (name: string, line: number, why: string) => void;
}

/**
 * Runs the scenarios on a real kernel, whatever kernel they name.
 * @throws Error where something is missing on this machine; it says what to install.
 */
export async function recordOn(
  kernel: RealKernel,
  scenarios: readonly Scenario[],
  options: RecordingOptions,
): Promise<readonly Recording[]> {
  const prepared = scenarios.map((scenario) => prepare(scenario, kernel));
  const programs: NamedProgram[] = prepared.map(({ name, program }) => ({ name, program }));
  const records = await runOnKernel(kernel, programs, options);
  return prepared.map((one, at) =>
    recording(one, kernel, (records[at] ?? []) as readonly RecordedStatement[]),
  );
}
