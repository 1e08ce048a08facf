/** The memory map of a statement, and the last statement that changed a range. */
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { type Change, changesOf, parseWatch } from '../expressions';
import { DEFAULT_WIDTH, type FigureSource, type MemoryMap, memoryMapOf, sourceOfState } from '../figures';
import { type Program, printStatement, programAt } from '../language';
import { type Executed, inSlices, type Pace, stepStatements } from '../outcome';
import { elementAt, firstMoment, must } from '../simulator';
import { reached, reachedMachine, type ScenarioRun } from './background-run/background-run';
import type { ScenarioDocument } from './documents';

/** Parameters of the request. The position selects the scenario, and the statement if none is named. */
export interface MemoryMapParams {
  /** Index of the statement among the scenario's statements that make calls; -1 is before the first. */
  readonly statement?: unknown;
  /** Width of the drawing in CSS pixels. */
  readonly width?: unknown;
}

export interface StatementMap {
  readonly map: MemoryMap;
  /** Line of the statement, from 1; null before the first. */
  readonly line: number | null;
  /** `after statement 10 of 12`. */
  readonly where: string;
  /** Title of the scenario, if the text has several. */
  readonly title: string | null;
  readonly statement: number;
  readonly statements: number;
}

export interface LastChangeParams extends MemoryMapParams {
  /** Text of the watch: `gfn 0x80000..0x80010 zapped`. */
  readonly watch?: unknown;
}

/** The statement that made a change, and the change. */
export interface FoundChange {
  readonly line: number;
  readonly statement: number;
  readonly text: string;
}

function failed(message: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}

/** Time limits in milliseconds for rerunning a statement that the background run has run within its budget. */
const PACE = { slice: 15, limit: 10_000 } as const;

function paceOf({ isOutdated }: ScenarioDocument): Pace {
  return {
    ...PACE,
    now: () => Date.now(),
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    isCancelled: isOutdated,
  };
}

interface ReachedStatement {
  readonly run: ScenarioRun;
  readonly program: Program;
  readonly statement: number;
}

/** The line at an offset, without its line break. */
function lineAround({ document }: ScenarioDocument, offset: number): { start: number; end: number } {
  const { line } = document.positionAt(offset);
  const start = document.offsetAt({ line, character: 0 });
  const next = document.offsetAt({ line: line + 1, character: 0 });
  return { start, end: next > start ? Math.max(start, next - 1) : next };
}

/** @throws ResponseError if the background run did not reach the statement. */
async function reachedStatement(
  scenario: ScenarioDocument,
  offset: number,
  asked: unknown,
): Promise<ReachedStatement> {
  const { programs } = scenario.analysis();
  const line = lineAround(scenario, offset);
  const program = programAt(programs, line) ?? programs[0];
  const { statements } = program;
  const atCursor = statements.findLastIndex(({ statement }) => statement.span.start <= line.end);
  const wanted = typeof asked === 'number' && Number.isSafeInteger(asked) ? asked : atCursor;
  const statement = Math.max(-1, Math.min(statements.length - 1, wanted));
  const backgroundRun = scenario.backgroundRun();
  const run = must(
    backgroundRun.runs.find((one) => one.program === program),
    'run of the program',
  );
  const compiled = statements[statement];
  if (compiled !== undefined) await reached(backgroundRun, compiled.statement);
  if (run.moments.length > statement + 1) return { run, program, statement };
  throw failed(
    run.stopped === 'failed'
      ? `The simulator failed before this statement: ${run.failure}.`
      : `The background run timed out at line ${lineOf(scenario, program, run.moments.length - 1)}: debug the scenario to see later statements.`,
  );
}

function lineOf({ document }: ScenarioDocument, { statements }: Program, statement: number): number {
  return document.positionAt(elementAt(statements, statement).statement.span.start).line + 1;
}

/** Reruns a statement of the background run, for its events. */
async function performed(
  scenario: ScenarioDocument,
  { run, program }: ReachedStatement,
  statement: number,
): Promise<Executed> {
  const { state, vm } = reachedMachine(run, statement);
  const running = stepStatements([elementAt(program.statements, statement)], firstMoment(state, vm.id));
  let found: Executed | null = null;
  const take = (executed: Executed) => {
    found = executed;
  };
  await inSlices(running, take, paceOf(scenario));
  if (found === null) throw failed('The statement takes too long for a background run.');
  return found;
}

async function sourceOf(scenario: ScenarioDocument, reachedAt: ReachedStatement): Promise<FigureSource> {
  const { run, program, statement } = reachedAt;
  if (statement < 0) {
    const { state, vm } = reachedMachine(run, 0);
    return sourceOfState(state, vm.id);
  }
  const { events, before, after, vmId } = await performed(scenario, reachedAt, statement);
  const { call, course, expected, statement: node } = elementAt(program.statements, statement);
  const facts = [`line ${lineOf(scenario, program, statement)}`];
  return { statement: printStatement(node), facts, call, course, expected, events, before, after, vmId };
}

export async function memoryMapAt(
  scenario: ScenarioDocument,
  offset: number,
  params: MemoryMapParams,
): Promise<StatementMap> {
  if (scenario.isTooLong) throw failed('The text is too long for a background run.');
  const reachedAt = await reachedStatement(scenario, offset, params.statement);
  const { program, statement } = reachedAt;
  const statements = program.statements.length;
  const width = typeof params.width === 'number' && params.width > 0 ? params.width : DEFAULT_WIDTH;
  return {
    map: memoryMapOf(await sourceOf(scenario, reachedAt), width),
    line: statement < 0 ? null : lineOf(scenario, program, statement),
    where:
      statement < 0
        ? `before the first of ${statements} statements`
        : `after statement ${statement + 1} of ${statements}`,
    title: program.title,
    statement,
    statements,
  };
}

/** Null if nothing changed it up to the statement. */
export async function lastChangeAt(
  scenario: ScenarioDocument,
  offset: number,
  params: LastChangeParams,
): Promise<FoundChange | null> {
  const watch = typeof params.watch === 'string' ? parseWatch(params.watch) : null;
  if (watch === null) throw failed('The request has no valid watch (watch).');
  const reachedAt = await reachedStatement(scenario, offset, params.statement);
  for (let { statement } = reachedAt; statement >= 0; statement--) {
    const [change]: readonly Change[] = changesOf(
      watch.target,
      watch.what,
      await performed(scenario, reachedAt, statement),
    );
    if (change === undefined) continue;
    return { line: lineOf(scenario, reachedAt.program, statement), statement, text: change.text };
  }
  return null;
}
