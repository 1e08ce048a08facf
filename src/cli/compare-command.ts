/** `gmemscope compare`: statements of a scenario whose outcome differs on another kernel. */
import { type KernelChoice, kernelText, otherKernel, type Program } from '../language';
import {
  type ComparedStatement,
  compareKernels,
  JSON_VERSION,
  placeOf,
  type StatementDifference,
  type StatementOutcome,
  type StatementPlace,
  sourceLine,
  statementOutcome,
} from '../outcome';
import { type AskedKernel, askedKernels, kernelFor } from './asked-kernels';
import { parseCommandLine } from './command-line';
import { FAILED, OK } from './exit';
import { type FileOutcome, keptLines, type Printer, print } from './output';
import { onAllProcessors } from './parallel';
import { visitPrograms } from './programs';
import type { ScenarioFile } from './scenario-file';
import { isPainted, type Painter, painter } from './style';
import { jsonText } from './visible';

/** The kernels to compare; the scenario's own is the first unless the command line names two. */
function bothKernels(
  own: KernelChoice,
  asked: readonly AskedKernel[],
): readonly [KernelChoice, KernelChoice] {
  const [first, second] = asked.map((one) => kernelFor(one, own));
  if (first === undefined) return [own, otherKernel(own)];
  return second === undefined ? [own, first] : [first, second];
}

const ONLY = {
  none: '',
  outcome: '',
  order: ' (only in the order of SPTE changes)',
  bits: ' (only in bits of SPTEs)',
};

/** How differences are printed. */
interface Printing {
  readonly exact: boolean;
  readonly paint: Painter;
  readonly out: Printer['out'];
}

/** What only one of the two sides does. */
function printDifference(
  { file, text }: ScenarioFile,
  compared: ComparedStatement,
  { exact, paint, out }: Printing,
): void {
  const { statement, difference, left, right } = compared;
  out(`${file}:${statement.line}: ${paint('statement', sourceLine(text, statement))}${ONLY[difference]}`);
  if (difference !== 'outcome' && !exact) return;
  for (const line of left.lines) if (!right.lines.includes(line)) out(paint('failed', `  - ${line}`));
  for (const line of right.lines) if (!left.lines.includes(line)) out(paint('added', `  + ${line}`));
}

/** `2 of 7 statements differ`. */
function summary(all: readonly ComparedStatement[], counting: number, slight: number): string {
  const many = `${counting} of ${all.length} statements ${counting === 1 ? 'differs' : 'differ'}`;
  return slight === 0
    ? many
    : `${many}; ${slight} more only in the order of SPTE changes or in bits of SPTEs`;
}

/** A line of `compare --json`. */
export interface ComparisonRecord extends StatementPlace {
  readonly version: number;
  readonly difference: StatementDifference;
  readonly kernels: readonly [string, string];
  readonly outcomes: readonly [StatementOutcome, StatementOutcome];
}

function comparisonRecord(
  place: StatementPlace,
  kernels: ComparisonRecord['kernels'],
  { difference, left, right }: ComparedStatement,
): ComparisonRecord {
  const outcomeOfSide = ({ events, described, vmId }: ComparedStatement['left']) =>
    statementOutcome(events, described, vmId);
  const outcomes = [outcomeOfSide(left), outcomeOfSide(right)] as const;
  return { version: JSON_VERSION, ...place, difference, kernels, outcomes };
}

function printJson(
  file: string,
  program: Program,
  kernels: ComparisonRecord['kernels'],
  all: readonly ComparedStatement[],
  out: Printer['out'],
): void {
  for (const compared of all) {
    const place = placeOf(file, program, compared.statement);
    out(jsonText(comparisonRecord(place, kernels, compared)));
  }
}

/** A file to compare, and how. */
export interface CompareJob {
  readonly file: string;
  readonly title: string | undefined;
  readonly asked: readonly AskedKernel[];
  readonly exact: boolean;
  readonly json: boolean;
  /** Whether standard output and standard error are coloured. */
  readonly painted: { readonly out: boolean; readonly err: boolean };
}

/** Compares the scenarios of one file. */
export async function compareFile(job: CompareJob): Promise<FileOutcome> {
  const { exact } = job;
  const paint = painter(job.painted.out);
  const { printer, printed } = keptLines();
  const { out } = printer;
  let differ = false;
  const compareAll = (scenario: ScenarioFile, programs: readonly Program[]) => {
    for (const program of programs) {
      const kernels = bothKernels(program.setup, job.asked);
      const all = compareKernels(program, ...kernels);
      const names = [kernelText(kernels[0]), kernelText(kernels[1])] as const;
      const unlike = all.filter(({ difference }) => difference !== 'none');
      const counting = unlike.filter(({ difference }) => exact || difference === 'outcome');
      differ ||= counting.length > 0;
      if (job.json) {
        printJson(scenario.file, program, names, all, out);
        continue;
      }
      const { title } = program;
      out(paint('title', title === null ? scenario.file : `${scenario.file}: ${title}`));
      out(paint('failed', `- ${names[0]}`));
      out(paint('added', `+ ${names[1]}`));
      for (const compared of unlike) printDifference(scenario, compared, { exact, paint, out });
      out(summary(all, counting.length, unlike.length - counting.length));
    }
  };
  const status = await visitPrograms(
    [job.file],
    job.title,
    painter(job.painted.err),
    compareAll,
    printer.err,
  );
  return { status: status === OK && differ ? FAILED : status, printed };
}

/** `gmemscope compare`. Returns the exit status: 1 if a statement differs. */
export async function compare(args: readonly string[]): Promise<number> {
  const { values, tokens } = parseCommandLine('compare', args, {
    kernel: { type: 'string' },
    with: { type: 'string' },
    json: { type: 'boolean' },
    exact: { type: 'boolean' },
    scenario: { type: 'string' },
    color: { type: 'string' },
  });
  const { kernels: asked, files } = askedKernels(tokens);
  const { json = false, exact = false, scenario: title, color } = values;
  const painted = { out: isPainted(process.stdout, color), err: isPainted(process.stderr, color) };
  const jobs = files.map((file): CompareJob => ({ file, title, asked, exact, json, painted }));
  let status = OK;
  await onAllProcessors('compare', files, jobs, compareFile, (outcome) => {
    print(outcome.printed);
    if (outcome.status !== OK) status = outcome.status;
  });
  return status;
}
