/** The picture of what the statement at a place did, and the statement that made a range what it is. */
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { type Change, changesOf, parseWatch } from '../expressions';
import { DEFAULT_WIDTH, type FigureSource, type MemoryMap, memoryMapOf } from '../figures';
import { type Program, printStatement, programAt } from '../language';
import { type Executed, inSlices, type Pace, stepStatements } from '../outcome';
import type { Scenario } from './documents';
import { reached, type ScenarioRun } from './rehearsal/rehearsal';

/** Of a request: the place says which of several scenarios is meant, and which statement where none is named. */
export interface MemoryMapParams {
  /** Index of the statement among those of the scenario that make calls; -1 is before the first. */
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
  /** Title of the scenario, of several in the text. */
  readonly title: string | null;
  readonly statement: number;
  readonly statements: number;
}

export interface LastChangeParams extends MemoryMapParams {
  /** What changed: `gfn 0x80000..0x80010 zapped`. */
  readonly watch?: unknown;
}

/** The statement that changed something, and what it did to it. */
export interface FoundChange {
  readonly line: number;
  readonly statement: number;
  readonly text: string;
}

function failed(message: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}

/** Milliseconds of running a statement once more: the rehearsal has run it within its budget. */
const PACE = { slice: 15, limit: 10_000 } as const;

function paceOf({ isOutdated }: Scenario): Pace {
  return {
    ...PACE,
    now: () => Date.now(),
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    isCancelled: isOutdated,
  };
}

interface Place {
  readonly run: ScenarioRun;
  readonly program: Program;
  readonly statement: number;
}

/** The line at an offset, without its end. */
function lineAround({ document }: Scenario, offset: number): { start: number; end: number } {
  const { line } = document.positionAt(offset);
  const start = document.offsetAt({ line, character: 0 });
  const next = document.offsetAt({ line: line + 1, character: 0 });
  return { start, end: next > start ? Math.max(start, next - 1) : next };
}

/** @throws ResponseError where the statement was not reached. */
async function placeOf(scenario: Scenario, offset: number, asked: unknown): Promise<Place> {
  const { programs } = scenario.analysis();
  const line = lineAround(scenario, offset);
  const program = programAt(programs, line) ?? programs[0];
  const { statements } = program;
  const atCursor = statements.findLastIndex(({ statement }) => statement.span.start <= line.end);
  const wanted = typeof asked === 'number' && Number.isSafeInteger(asked) ? asked : atCursor;
  const statement = Math.max(-1, Math.min(statements.length - 1, wanted));
  const rehearsal = scenario.rehearsal();
  const run = rehearsal.runs.find((one) => one.program === program)!;
  const compiled = statements[statement];
  if (compiled !== undefined) await reached(rehearsal, compiled.statement);
  if (run.states.length > statement + 1) return { run, program, statement };
  throw failed(
    run.stopped === 'failed'
      ? `The simulator failed before this statement: ${run.failure}.`
      : `The scenario takes too long to be run while it is written: it came to line ${lineOf(scenario, program, run.states.length - 1)}. Debug it to go on.`,
  );
}

function lineOf({ document }: Scenario, { statements }: Program, statement: number): number {
  return document.positionAt(statements[statement]!.statement.span.start).line + 1;
}

/** Runs a statement of the rehearsal once more, for its events. */
async function performed(scenario: Scenario, { run, program }: Place, statement: number): Promise<Executed> {
  const running = stepStatements(
    [program.statements[statement]!],
    run.states[statement]!,
    run.vmIds[statement]!,
  );
  let found: Executed | null = null;
  const take = (executed: Executed) => {
    found = executed;
  };
  await inSlices(running, take, paceOf(scenario));
  if (found === null) throw failed('The statement takes too long to be run while it is written.');
  return found;
}

async function sourceOf(scenario: Scenario, place: Place): Promise<FigureSource> {
  const { run, program, statement } = place;
  if (statement < 0) {
    const state = run.states[0]!;
    return {
      statement: '',
      facts: [],
      call: null,
      events: [],
      before: state,
      after: state,
      vmId: run.vmIds[0]!,
    };
  }
  const { events, before, after, vmId } = await performed(scenario, place, statement);
  const { call, course, expected, statement: node } = program.statements[statement]!;
  const facts = [`line ${lineOf(scenario, program, statement)}`];
  return { statement: printStatement(node), facts, call, course, expected, events, before, after, vmId };
}

export async function memoryMapAt(
  scenario: Scenario,
  offset: number,
  params: MemoryMapParams,
): Promise<StatementMap> {
  if (scenario.isTooLong) throw failed('The text is too long to be run while it is written.');
  const place = await placeOf(scenario, offset, params.statement);
  const { program, statement } = place;
  const statements = program.statements.length;
  const width = typeof params.width === 'number' && params.width > 0 ? params.width : DEFAULT_WIDTH;
  return {
    map: memoryMapOf(await sourceOf(scenario, place), width),
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

/** Null where nothing changed it up to the statement. */
export async function lastChangeAt(
  scenario: Scenario,
  offset: number,
  params: LastChangeParams,
): Promise<FoundChange | null> {
  const watch = typeof params.watch === 'string' ? parseWatch(params.watch) : null;
  if (watch === null) throw failed('The request names nothing that changes (watch).');
  const place = await placeOf(scenario, offset, params.statement);
  for (let { statement } = place; statement >= 0; statement--) {
    const [change]: readonly Change[] = changesOf(
      watch.place,
      watch.what,
      await performed(scenario, place, statement),
    );
    if (change === undefined) continue;
    return { line: lineOf(scenario, place.program, statement), statement, text: change.text };
  }
  return null;
}
