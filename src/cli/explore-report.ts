/** Reports of `gmemscope explore`, as text and as JSON. */
import { type LineIndex, positionAt } from '../language';
import {
  behindRace,
  counted,
  type ExploredRace,
  JSON_VERSION,
  numberedOrders,
  outcomesOf,
  type ReachedStep,
  type Verdict,
  verdictSentence,
  verdictsOf,
  type WithoutStep,
  witnessText,
} from '../outcome';
import type { ScenarioFile } from './scenario-file';
import type { Painter } from './style';

/** A line of `explore --json`: one race. */
export interface RaceRecord {
  readonly version: number;
  /** Position in the list of all races that the command line names, from 1, and the length of that list. */
  readonly index: number;
  readonly of: number;
  readonly file: string;
  readonly scenario?: string;
  /** Line of the race, from 1. */
  readonly line: number;
  /** Whether every order was tried. */
  readonly complete: boolean;
  readonly states: number;
  readonly transitions: number;
  /** Moves of the longest of the shortest orders to each state. */
  readonly depth: number;
  readonly milliseconds: number;
  readonly verdicts: readonly VerdictRecord[];
  readonly columns: readonly string[];
  readonly outcomes: readonly OutcomeRecord[];
}

export interface VerdictRecord {
  readonly line: number;
  /** `never STALE`. */
  readonly expected: string;
  /** Absent if the search was not finished and what it found does not decide. */
  readonly holds?: boolean;
  readonly message: string;
  /** Number of the order that decides, for `--witness`. */
  readonly witness?: number;
}

export interface OutcomeRecord {
  readonly values: readonly string[];
  /** The number of final states that have it. */
  readonly states: number;
  readonly witness: number;
}

/** A race with its report and the scenarios of its orders. */
export interface RaceReport {
  readonly record: RaceRecord;
  /** The scenario of the order that is asked for; null if there is none with that number. */
  readonly witness: string | null;
}

export interface Listed {
  readonly index: number;
  readonly of: number;
}

function lineOf(lines: LineIndex, { span }: Verdict): number {
  return positionAt(lines, span.start).line + 1;
}

/**
 * @param wanted Number of the order to write as a scenario; 0 for none.
 */
export function raceReport(
  { file, text, lines }: ScenarioFile,
  explored: ExploredRace,
  { index, of }: Listed,
  milliseconds: number,
  wanted: number,
): RaceReport {
  const { program, result } = explored;
  const behind = behindRace(explored);
  const verdicts = verdictsOf(explored, behind);
  const table = outcomesOf(text, explored, behind);
  const orders = numberedOrders(verdicts, table);
  let witness = 0;
  const record: RaceRecord = {
    ...{ version: JSON_VERSION, index, of, file },
    ...(program.title === null ? {} : { scenario: program.title }),
    line: program.race.line,
    ...{
      complete: result.complete,
      states: result.states,
      transitions: result.transitions,
      depth: result.depth,
    },
    milliseconds,
    verdicts: verdicts.map((verdict) => ({
      line: lineOf(lines, verdict),
      expected: `${verdict.quantifier} ${verdict.what}`,
      ...(verdict.holds === null ? {} : { holds: verdict.holds }),
      message: verdictSentence(verdict),
      ...(verdict.place === null ? {} : { witness: ++witness }),
    })),
    columns: table.columns.map(({ title, name }) => (name === null ? title : `${name}: ${title}`)),
    outcomes: table.outcomes.map(({ values, states }) => ({ values, states, witness: ++witness })),
  };
  const place = orders[wanted - 1]?.place;
  return { record, witness: place === undefined ? null : witnessText(text, explored, place) };
}

/** Whether every order was tried, and everything that the scenario expects of the race holds. */
export function isMet({ complete, verdicts }: RaceRecord): boolean {
  return complete && verdicts.every(({ holds }) => holds === true);
}

/** Widest column of the table. */
const WIDEST = 44;

function cut(text: string): string {
  return text.length <= WIDEST ? text : `${text.slice(0, WIDEST - 1)}…`;
}

function tableLines({ columns, outcomes }: RaceRecord): readonly string[] {
  const rows = [
    ['', ...columns, 'states'],
    ...outcomes.map(({ values, states, witness }) => [`${witness}`, ...values, `${states}`]),
  ].map((row) => row.map(cut));
  const widths = rows.reduce<readonly number[]>(
    (widest, row) => row.map((cell, at) => Math.max(widest[at] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** The report of a race as people read it. */
export function textOf(record: RaceRecord, paint: Painter): readonly string[] {
  const { file, scenario, line, complete, states, transitions, depth, milliseconds, outcomes } = record;
  const name = scenario === undefined ? `${file}:${line}` : `${file}:${line}: ${scenario}`;
  const size = `${counted(states, 'state')}, ${counted(transitions, 'move')}, depth ${depth}, ${milliseconds} ms`;
  const bound = complete ? 'every order was tried' : paint('failed', 'not every order was tried');
  return [
    paint('title', name),
    `  ${size}; ${bound}`,
    ...record.verdicts.map(({ holds, line: at, message, witness }) => {
      const label = holds === true ? 'ok  ' : paint('failed', holds === undefined ? '??  ' : 'FAIL');
      const order = witness === undefined ? '' : paint('quiet', ` (--witness ${witness})`);
      return `  ${label}  line ${at}: ${message}${order}`;
    }),
    `  ${counted(outcomes.length, 'outcome')}${outcomes.length === 0 ? '' : '; the number is that of its order, for --witness'}`,
    ...(outcomes.length === 0 ? [] : tableLines(record).map((row) => `    ${row}`)),
  ];
}

/** What became of a race without steps or locks, each left out alone. */
export interface WithoutReport {
  readonly file: string;
  /** Line of the race, from 1. */
  readonly line: number;
  readonly steps: readonly ReachedStep[];
  readonly found: readonly WithoutStep[];
}

/** A line of `explore --without --json`. */
export interface WithoutRecord extends WithoutStep {
  readonly version: number;
  readonly file: string;
  readonly line: number;
  /** The procedure and the text of the step; absent for a lock. */
  readonly procedure?: string;
  readonly text?: string;
}

export function withoutRecords({ file, line, steps, found }: WithoutReport): readonly WithoutRecord[] {
  return found.map((one) => {
    const step = steps.find(({ label }) => label === one.left);
    const of = step === undefined ? {} : { procedure: step.procedure, text: step.text };
    return { version: JSON_VERSION, file, line, ...of, ...one };
  });
}

export function withoutText(report: WithoutReport, paint: Painter): readonly string[] {
  const records = withoutRecords(report);
  const widest = records.reduce((widest, { left }) => Math.max(widest, left.length), 0);
  const lines = records.map(({ left, procedure, effect, detail, moves }) => {
    const many = moves === null || moves === 0 ? '' : ` in ${counted(moves, 'move')}`;
    const told = paint(effect === 'broken' ? 'failed' : 'quiet', `${detail}${many}`);
    return `  ${left.padEnd(widest)}  ${paint('quiet', procedure ?? 'lock')}: ${told}`;
  });
  const noticed = report.found.filter(({ effect }) => effect === 'broken').length;
  const all = report.found.length;
  return [
    paint('title', `${report.file}:${report.line}, without one step or lock at a time`),
    ...lines,
    `  ${all} left out, ${noticed} noticed`,
  ];
}
