/** Records scenarios on a real kernel. */
import path from 'node:path';
import { isRealKernel, KERNELS, type RealKernel } from '../../kernel/catalogue';
import { isInterleaved, type Unencodable, unorderedStatements } from '../../kernel/encode';
import { unforcedStatements } from '../../kernel/races/encode';
import { runRaces } from '../../kernel/races/run';
import { type NamedProgram, runOnKernel } from '../../kernel/record';
import { analyze, type Document, type Program, type Span } from '../language';
import type { RecordedStatement, Recording } from '../outcome';
import { UsageError } from './exit';
import type { ScenarioFile } from './scenario-file';

/** @throws UsageError if there is no recipe for the kernel. */
export function realKernel(name: string): RealKernel {
  if (isRealKernel(name)) return name;
  const known = KERNELS.map((kernel) => kernel.name).join(' or ');
  throw new UsageError(`\`${name}\` is not a real kernel: pass --kernel ${known}`);
}

/** The text with `kernel NAME` as its first statement, in place of the one it has. */
function withKernel(text: string, kernel: RealKernel): string {
  const statement = analyze(text).document.statements.find(({ keyword }) => keyword === 'kernel');
  if (statement === undefined) return `kernel ${kernel}\n${text}`;
  const { start, end } = statement.span;
  // Keep the line numbers: errors and records refer to them.
  const lines = text.slice(start, end).split('\n').length - 1;
  return `${text.slice(0, start)}kernel ${kernel}${'\n'.repeat(lines)}${text.slice(end)}`;
}

/** The text without the spans; each of their lines becomes a `#`. */
function leaveOut(text: string, spans: readonly Span[]): string {
  return spans.reduceRight((rest, { start, end }) => {
    const blank = rest.slice(start, end).replace(/[^\n]+/g, '#');
    return rest.slice(0, start) + blank + rest.slice(end);
  }, text);
}

/** One scenario of a file, as a separate text with the line numbers of the file. */
export interface SingleScenario {
  readonly file: string;
  readonly name: string;
  readonly text: string;
  readonly setup: Program['setup'];
  /** Its statements that a real kernel cannot run; without them it would be another scenario. */
  readonly unencodable: readonly Unencodable[];
  /** Its race, whose order only the kernel decides. */
  readonly unordered: readonly Unencodable[];
}

/** The spans of a document outside the scenario with that block. */
function spansOfOthers({ blocks, statements }: Document, block: Span | null): readonly Span[] {
  const own = blocks.find(({ span }) => span === block);
  if (own === undefined) return [];
  const others = blocks.flatMap(({ span }) => (span === block ? [] : [span]));
  const frame = [
    { start: own.span.start, end: own.body.start + 1 },
    { start: own.body.end - 1, end: own.body.end },
  ];
  // The kernel to record on replaces it.
  const kernels = statements.filter(({ keyword }) => keyword === 'kernel').map(({ span }) => span);
  const inOthers = ({ start }: Span) => others.some((other) => start >= other.start && start < other.end);
  return [...others, ...frame, ...kernels.filter((span) => !inOthers(span))].sort(
    (a, b) => a.start - b.start,
  );
}

/** The scenarios of a file without errors, one by one. @param kernel The one to run them on, if it is not their own. */
export function singleScenarios(
  { file, text, analysis }: ScenarioFile,
  kernel?: string,
): readonly SingleScenario[] {
  const base = path.basename(file, '.gmem');
  return analysis.programs.map((program) => {
    const { title, block, setup } = program;
    const own = leaveOut(text, spansOfOthers(analysis.document, block));
    const run =
      kernel === undefined || !isRealKernel(kernel)
        ? program
        : { ...program, setup: { ...setup, kernel, knobs: {} } };
    return {
      file,
      name: title === null ? base : `${base}: ${title}`,
      text: own,
      setup,
      unencodable: unforcedStatements(run),
      unordered: unorderedStatements(run),
    };
  });
}

interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly program: Program;
}

function prepare({ name, text }: SingleScenario, kernel: RealKernel): Prepared {
  const changed = withKernel(text, kernel);
  return { name, text: changed, program: analyze(changed).programs[0] };
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
    missing.map(({ statement }) => statement.span),
  );
  return { name, kernel, source, expected: records };
}

export interface RecordingOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
  /** Called for each statement that cannot be performed and is skipped. */
  readonly onSkipped: (name: string, line: number, why: string) => void;
}

/** The program of a scenario on another kernel. */
export function programOn(kernel: RealKernel, scenario: SingleScenario): Program {
  return prepare(scenario, kernel).program;
}

/** A scenario and its records. */
type Recorded = readonly [Prepared, readonly RecordedStatement[]];

const namedProgram = ({ name, program }: Prepared): NamedProgram => ({ name, program });

/** Runs the scenarios in which one call follows the other. */
async function recordInOrder(
  kernel: RealKernel,
  scenarios: readonly Prepared[],
  options: RecordingOptions,
): Promise<readonly Recorded[]> {
  if (scenarios.length === 0) return [];
  const records = await runOnKernel(kernel, scenarios.map(namedProgram), options);
  return scenarios.map((one, at) => [one, (records[at] ?? []) as readonly RecordedStatement[]]);
}

/** Runs the scenarios in which calls are suspended. */
async function recordInterleaved(
  kernel: RealKernel,
  scenarios: readonly Prepared[],
  options: RecordingOptions,
): Promise<readonly Recorded[]> {
  if (scenarios.length === 0) return [];
  const records = await runRaces(kernel, scenarios.map(namedProgram), options);
  return scenarios.map((one, at): Recorded => {
    const own = records[at] ?? null;
    if (own === null) throw new Error(`${one.name} brought ${kernel} down, or hung there`);
    return [one, own as readonly RecordedStatement[]];
  });
}

/**
 * Runs the scenarios on a real kernel, whatever kernel they name.
 * @throws Error if this machine lacks something; it says what to install.
 */
export async function recordOn(
  kernel: RealKernel,
  scenarios: readonly SingleScenario[],
  options: RecordingOptions,
): Promise<readonly Recording[]> {
  const prepared = scenarios.map((scenario) => prepare(scenario, kernel));
  const recorded = new Map<Prepared, readonly RecordedStatement[]>([
    ...(await recordInOrder(
      kernel,
      prepared.filter(({ program }) => !isInterleaved(program)),
      options,
    )),
    ...(await recordInterleaved(
      kernel,
      prepared.filter(({ program }) => isInterleaved(program)),
      options,
    )),
  ]);
  return prepared.map((one) => recording(one, kernel, recorded.get(one) ?? []));
}
