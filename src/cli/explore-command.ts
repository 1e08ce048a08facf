/** `gmemscope explore`: tries every order of the calls of races. */
import { finish, type Program } from '../language';
import {
  counted,
  describedRace,
  type ExploredRace,
  exploreRace,
  exploreWithout,
  hasRace,
  minimised,
  type RaceProgram,
  reachedLocks,
  reachedSteps,
} from '../outcome';
import { parseCommandLine } from './command-line';
import { FAILED, OK, UsageError } from './exit';
import {
  isMet,
  type Listed,
  type RaceRecord,
  type RaceReport,
  raceReport,
  textOf,
  type WithoutReport,
  withoutRecords,
  withoutText,
} from './explore-report';
import { findFiles } from './files';
import { printError, printLine, printText } from './output';
import { searchOnAllProcessors } from './parallel';
import { visitPrograms } from './programs';
import { readScenario, readTextNow, type ScenarioFile } from './scenario-file';
import { type Painter, painterFor } from './style';

/** States after which a search ends unfinished unless the command line says otherwise. */
export const MOST_STATES = 5_000_000;

/** Milliseconds between two reports of progress on a terminal. */
const PROGRESS = 500;

/** A race to explore. */
export interface ExploreJob extends Listed {
  readonly file: string;
  /** Index of the scenario in the file. */
  readonly program: number;
  readonly full: boolean;
  readonly maxStates: number;
  readonly witness: number;
  /** Steps and locks to leave out of the kernel, one at a time: those named, or all that the race reaches. */
  readonly without: readonly string[] | 'each';
  /** Whether to show how far a search has come. */
  readonly progress: boolean;
}

export interface ExploreOutcome {
  readonly report: RaceReport | null;
  /** Lines of the report on steps that were left out; null if none were. */
  readonly without: WithoutReport | null;
  readonly error: string | null;
}

/** The file that was read last: its races come one after the other, and there may be many. */
let latest: ScenarioFile | null = null;

async function scenarioOf(file: string): Promise<ScenarioFile> {
  if (latest?.file !== file) latest = await readScenario(file);
  return latest;
}

/** Explores one race. */
export async function exploreFile(job: ExploreJob): Promise<ExploreOutcome> {
  const nothing: ExploreOutcome = { report: null, without: null, error: null };
  let at = job.file;
  try {
    const scenario = await scenarioOf(job.file);
    const program = scenario.analysis.programs[job.program];
    if (program === undefined || !hasRace(program)) return nothing;
    at = `${job.file}:${program.race.line}`;
    const since = performance.now();
    const explored = explore(program, job);
    if (job.without.length > 0) return { ...nothing, without: withoutReport(scenario, explored, job) };
    const milliseconds = Math.round(performance.now() - since);
    return { ...nothing, report: raceReport(scenario, explored, job, milliseconds, job.witness) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...nothing, error: `${at}: ${message}` };
  }
}

/** Leaves out steps and locks, one at a time. @throws Error if the race does not reach one that is named. */
function withoutReport(
  { file, text }: ScenarioFile,
  explored: ExploredRace,
  { without, full, maxStates }: ExploreJob,
): WithoutReport {
  const steps = reachedSteps(explored);
  const locks = reachedLocks(explored);
  const known = new Set([...steps.map(({ label }) => label), ...locks]);
  const left = without === 'each' ? [...new Set([...steps.map(({ label }) => label), ...locks])] : without;
  const unknown = left.find((one) => !known.has(one));
  if (unknown !== undefined) {
    throw new Error(`no order of this race runs a step or takes a lock called \`${unknown}\``);
  }
  const whole = describedRace(text, explored);
  const found = left.map((one) => finish(exploreWithout(text, whole, one, { full, maxStates })));
  return { file, line: explored.program.race.line, steps, found };
}

function explore(program: RaceProgram, { full, maxStates, progress }: ExploreJob) {
  const search = exploreRace(program, { full, maxStates });
  let shown = performance.now();
  for (let next = search.next(); ; next = search.next()) {
    if (next.done === true) {
      if (progress) process.stderr.write('\r\x1b[K');
      return next.value;
    }
    if (!progress || next.value === null || performance.now() - shown < PROGRESS) continue;
    const since = performance.now() - shown;
    const { states, expanded, depth } = next.value;
    const rate = Math.round((states / since) * 1000);
    shown = performance.now();
    process.stderr.write(
      `\r\x1b[K${states} states, depth ${depth}, frontier ${states - expanded}, ${rate} states/s`,
    );
  }
}

/** K and N of `--shard K/N`. */
function shardOf(text: string | undefined): { readonly part: number; readonly parts: number } {
  if (text === undefined) return { part: 1, parts: 1 };
  const [, part, parts] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text) ?? [];
  if (part === undefined || Number(part) > Number(parts)) {
    throw new UsageError(`--shard is K/N with K from 1 to N, for instance 2/4, not \`${text}\``);
  }
  return { part: Number(part), parts: Number(parts) };
}

function countOf(option: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`${option} is a number from 1, not \`${text}\``);
  return Number(text);
}

/** Reads the reports of other runs. @throws Error if a line is none. */
function recordsIn(files: readonly string[]): readonly RaceRecord[] {
  return files.flatMap((file) =>
    readTextNow(file)
      .split('\n')
      .filter((line) => line !== '')
      .map((line, at): RaceRecord => {
        try {
          const record = JSON.parse(line) as RaceRecord;
          if (typeof record.states === 'number' && Array.isArray(record.verdicts)) return record;
        } catch {
          // Reported below.
        }
        throw new Error(`${file}:${at + 1}: this is no line of \`gmemscope explore --json\``);
      }),
  );
}

/** Prints reports, then what they come to. Returns the exit status. */
class Printer {
  private races = 0;
  private failed = 0;

  constructor(
    private readonly json: boolean,
    private readonly paint: Painter,
  ) {}

  add(record: RaceRecord): void {
    this.races++;
    if (!isMet(record)) this.failed++;
    if (this.json) printLine(JSON.stringify(record));
    else printLine([...textOf(record, this.paint), ''].join('\n'));
  }

  addWithout(report: WithoutReport): void {
    if (this.json) for (const record of withoutRecords(report)) printLine(JSON.stringify(record));
    else printLine([...withoutText(report, this.paint), ''].join('\n'));
  }

  end(): number {
    if (!this.json) printLine(`${counted(this.races, 'race')}, ${this.failed} failed`);
    return this.failed === 0 ? OK : FAILED;
  }
}

/** Prints the reports of all shards in the order of the races. @throws Error if a race is missing or there twice. */
function merge(files: readonly string[], printer: Printer): number {
  const records = recordsIn(files).toSorted((a, b) => a.index - b.index);
  for (const [at, { index, of }] of records.entries()) {
    if (index === at + 1 && of === records[0]?.of) continue;
    throw new Error(
      index <= at
        ? `race ${index} is in several reports: merge the reports of one run, one for each shard`
        : `race ${at + 1} is in no report: a shard is missing`,
    );
  }
  const last = records.length;
  const of = records[0]?.of ?? 0;
  if (last < of) throw new Error(`race ${last + 1} of ${of} is in no report: a shard is missing`);
  for (const record of records) printer.add(record);
  return printer.end();
}

/** The races of the files, and the exit status of reading them. */
async function racesIn(files: readonly string[], title: string | undefined, paint: Painter) {
  const races: { readonly file: string; readonly program: number }[] = [];
  const status = await visitPrograms(files, title, paint, ({ file, analysis }, programs) => {
    const indices = programs
      .filter((program: Program) => hasRace(program))
      .map((program) => analysis.programs.indexOf(program));
    races.push(...indices.map((program) => ({ file, program })));
  });
  return { races, status };
}

/** `gmemscope explore`. Returns the exit status: 1 if an expectation of a race does not hold. */
export async function exploreCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('explore', args, {
    json: { type: 'boolean' },
    full: { type: 'boolean' },
    'max-states': { type: 'string' },
    witness: { type: 'string' },
    scenario: { type: 'string' },
    shard: { type: 'string' },
    merge: { type: 'boolean' },
    without: { type: 'string' },
    each: { type: 'boolean' },
    minimise: { type: 'boolean' },
    color: { type: 'string' },
  });
  const { json = false, full = false, color } = values;
  latest = null;
  const printer = new Printer(json, painterFor(process.stdout, color));
  if (values.merge) return merge(positionals, printer);
  const { part, parts } = shardOf(values.shard);
  const witness = values.witness === undefined ? 0 : countOf('--witness', values.witness, 0);
  const maxStates = countOf('--max-states', values['max-states'], MOST_STATES);
  if (values.without !== undefined && values.each) {
    throw new UsageError('--without and --each exclude each other: --each leaves out every step');
  }
  const without = values.each ? 'each' : (values.without ?? '').split(',').filter((one) => one !== '');
  const files = await findFiles(positionals);
  const { races, status } = await racesIn(files, values.scenario, painterFor(process.stderr, color));
  const own = races.flatMap((race, at): ExploreJob[] => {
    if (at % parts !== part - 1) return [];
    const progress = process.stderr.isTTY === true;
    return [{ ...race, index: at + 1, of: races.length, full, maxStates, witness, without, progress }];
  });
  if (witness > 0) return printWitness(own, status);
  if (values.minimise) return printMinimised(own, status);
  let errors = status;
  if (races.length === 0 && status === OK) {
    printError('gmemscope: there is no `race` in these scenarios (docs/language.md)');
    return FAILED;
  }
  await searchOnAllProcessors('explore', own, exploreFile, ({ report, without: left, error }) => {
    if (error !== null) {
      printError(error);
      errors = FAILED;
    }
    if (report !== null) printer.add(report.record);
    if (left !== null) printer.addWithout(left);
  });
  const end = without.length > 0 ? OK : printer.end();
  return errors === OK ? end : errors;
}

/** The only race that the command line names. @throws UsageError if there are several. */
function onlyJob(option: string, [job, ...others]: readonly ExploreJob[]): ExploreJob | undefined {
  if (others.length === 0) return job;
  throw new UsageError(`${option} needs one race: name one file, and its scenario with --scenario`);
}

/** Prints the only race without what it does not need to go wrong. */
async function printMinimised(jobs: readonly ExploreJob[], status: number): Promise<number> {
  const job = onlyJob('--minimise', jobs);
  if (job === undefined) return status === OK ? FAILED : status;
  const { text, analysis } = await scenarioOf(job.file);
  const smallest = finish(minimised(text, analysis.programs[job.program]?.title ?? null));
  if (smallest === null) {
    throw new Error(
      'nothing goes wrong in this race apart from its own expectations, so there is nothing to minimise',
    );
  }
  printText(smallest);
  return OK;
}

/** Prints one order of the only race as a scenario. */
async function printWitness(jobs: readonly ExploreJob[], status: number): Promise<number> {
  const job = onlyJob('--witness', jobs);
  if (job === undefined) return status === OK ? FAILED : status;
  const { report, error } = await exploreFile(job);
  if (error !== null) throw new Error(error);
  const count = (report?.record.outcomes.at(-1)?.witness ?? 0) || (report?.record.verdicts.length ?? 0);
  if (report?.witness === null || report === null) {
    throw new Error(`there is no order ${job.witness}: they are numbered from 1 to ${count}`);
  }
  printText(report.witness);
  return OK;
}
