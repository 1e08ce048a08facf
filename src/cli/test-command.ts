/** `gmemscope test`: whether statements do what their scenario expects behind `=>`. */
import { applyEdits, capped, type Diagnostic, finish, type Program, positionAt } from '../language';
import {
  type Acceptances,
  acceptancesOf,
  type Checked,
  type CheckedRace,
  checked as checkedOf,
  checkRace,
  hasFailedExpectation,
  hasUnexpectedNews,
  type KernelCounts,
  outcomeOfExecuted,
  profileCoverage,
  reportOn,
  runScenario,
  type StatementOutcome,
  stepCounter,
} from '../outcome';
import { parseCommandLine } from './command-line';
import { coverageOption } from './coverage';
import { FAILED, OK, UsageError } from './exit';
import { findFiles } from './files';
import { printText } from './output';
import { onAllProcessors } from './parallel';
import { saveOutput } from './save';
import { diagnosticText, fileErrorText, readScenario, rewriteText, type ScenarioFile } from './scenario-file';
import { painterFor } from './style';
import { errorReport, type FileError, type FileReport, fileReport, REPORTS } from './test-reports';

/**
 * The edits of a file: for failed expectations, and with `add` also for statements without an expectation whose outcome
 * is worth one.
 * @throws Error if scenarios that share a statement would need different expectations.
 */
function acceptancesIn({ analysis }: ScenarioFile, all: readonly Checked[], add: boolean): Acceptances {
  const wants = (one: Checked) => hasFailedExpectation(one) || (add && hasUnexpectedNews(one));
  const acceptances = acceptancesOf(analysis.document, all, wants);
  const [first] = acceptances.disputed;
  if (first === undefined) return acceptances;
  throw new Error(
    `line ${first.line} has different outcomes in the scenarios that share it: write its expectations in their blocks`,
  );
}

interface Options {
  readonly update: boolean;
  readonly add: boolean;
  /** Whether to count the steps of the kernel. */
  readonly coverage: boolean;
}

interface CheckedProgram {
  readonly program: Program;
  readonly race: CheckedRace | null;
  readonly all: readonly Checked[];
  /** The outcomes of the statements that fail. */
  readonly outcomes: ReadonlyMap<Checked, StatementOutcome>;
  /** The steps that ran, if they are counted. */
  readonly counts: KernelCounts | null;
}

function checkProgram(program: Program, coverage: boolean): CheckedProgram {
  const counter = coverage ? stepCounter(program.setup) : null;
  const all: Checked[] = [];
  const outcomes = new Map<Checked, StatementOutcome>();
  for (const executed of runScenario(program, counter?.onStep)) {
    const one = checkedOf(executed);
    all.push(one);
    if (one.failed.length > 0) outcomes.set(one, outcomeOfExecuted(executed));
  }
  const race = finish(checkRace(program, { onStep: counter?.onStep }));
  return { program, all, outcomes, race, counts: counter?.counts() ?? null };
}

/** Checks one file and updates its expectations if requested. */
async function checkFile(file: string, { update, add, coverage }: Options): Promise<FileReport> {
  const scenario = await readScenario(file);
  const errors = scenario.analysis.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const known = capped(errors).map((error) => fileError(scenario, error));
    return errorReport(file, known);
  }
  const checked = scenario.analysis.programs.map((program) => checkProgram(program, coverage));
  if (update || add) {
    const everything = checked.flatMap(({ all }) => all);
    const { edits, count } = acceptancesIn(scenario, everything, add);
    if (count > 0) {
      await rewriteText(file, applyEdits(scenario.text, edits), scenario.text);
      return { ...(await checkFile(file, { update: false, add: false, coverage })), updated: count };
    }
  }
  return {
    ...fileReport(
      scenario,
      checked.map(({ program, all, outcomes, race }) => ({ ...reportOn(program, all, race), outcomes })),
    ),
    counts: checked.flatMap(({ counts }) => counts ?? []),
  };
}

/** A file to test, and what to update in it. */
export interface TestJob extends Options {
  readonly file: string;
}

/** Tests one file. */
export async function testFile({ file, ...options }: TestJob): Promise<FileReport> {
  try {
    return await checkFile(file, options);
  } catch (error) {
    return errorReport(file, [readError(file, error)]);
  }
}

function fileError(scenario: ScenarioFile, diagnostic: Diagnostic): FileError {
  const { line, character } = positionAt(scenario.lines, diagnostic.span.start);
  const { message, code } = diagnostic;
  return {
    text: diagnosticText(scenario, diagnostic, (_paint, text) => text),
    message,
    diagnostic: { line: line + 1, column: character + 1, code },
  };
}

function readError(file: string, error: unknown): FileError {
  return {
    text: fileErrorText(file, error, (_paint, text) => text),
    message: error instanceof Error ? error.message : String(error),
    diagnostic: null,
  };
}

/** `--json` is short for `--format json`, and the same in all commands. */
function formatOf({ format, json }: { readonly format?: string; readonly json?: boolean }): string {
  if (json !== true) return format ?? 'text';
  if (format !== undefined && format !== 'json') {
    throw new UsageError(`--json and --format ${format} exclude each other`);
  }
  return 'json';
}

/** `gmemscope test`. Returns the exit status. */
export async function test(args: readonly string[]): Promise<number> {
  const { folder, others } = coverageOption(args);
  const { values, positionals } = parseCommandLine('test', others, {
    update: { type: 'boolean' },
    add: { type: 'boolean' },
    format: { type: 'string' },
    json: { type: 'boolean' },
    output: { type: 'string' },
    color: { type: 'string' },
  });
  const { output } = values;
  const format = formatOf(values);
  const report = REPORTS.get(format);
  if (report === undefined) {
    throw new UsageError(`--format is ${[...REPORTS.keys()].join(', ')}, not \`${format}\``);
  }
  const paint = painterFor(process.stdout, output === undefined ? values.color : 'never');
  const { update = false, add = false } = values;
  const found = await findFiles(positionals);
  const jobs = found.map((file): TestJob => ({ file, update, add, coverage: folder !== null }));
  const reports: FileReport[] = [];
  // A file may be a link to another one: they are not written at the same time.
  const files = update || add ? [] : found;
  await onAllProcessors('test', files, jobs, testFile, (one) => reports.push(one));
  const coverage = folder === null ? null : profileCoverage(reports.flatMap(({ counts }) => counts));
  if (folder !== null && coverage !== null) await (await import('./lcov')).saveCoverage(folder, coverage);
  const text = report(reports, paint, coverage);
  if (output === undefined) printText(text);
  else await saveOutput(output, text);
  return reports.some(({ cases }) => cases.some(({ failure }) => failure.length > 0)) ? FAILED : OK;
}
