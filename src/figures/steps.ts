/** The statements of a scenario as steps: finds them by number or line and draws them. */
import {
  type Analysis,
  type Document,
  type Expectations,
  indexLines,
  type Program,
  positionAt,
  printStatement,
  type Statement,
} from '../language';
import { counted, outcomeOfExecuted, runScenario, type StatementOutcome } from '../outcome';
import { elementAt, initialState } from '../simulator';
import { figureOf } from './build';
import type { Figure } from './figure';

import type { Transition } from './transition';

/** Index of a statement in its document, or why there is none. */
export type FoundStep = { readonly step: number } | { readonly problem: string };

/** First and last line of each statement, from 1. */
function linesOf({
  text,
  statements,
}: Document): readonly { readonly first: number; readonly last: number }[] {
  const lines = indexLines(text);
  return statements.map(({ span }) => ({
    first: positionAt(lines, span.start).line + 1,
    last: positionAt(lines, span.end).line + 1,
  }));
}

/**
 * @param wanted `8`, the eighth statement of the text, counting `kernel` and `vm`; `line:16`, the statement on that
 * line; undefined for the last.
 */
export function findStep(document: Document, wanted: string | undefined): FoundStep {
  const count = document.statements.length;
  if (count === 0) return { problem: 'the scenario has no statements' };
  if (wanted === undefined) return { step: count - 1 };
  const byNumber = /^(\d+)$/.exec(wanted);
  if (byNumber !== null) {
    const number = Number(byNumber[1]);
    if (number >= 1 && number <= count) return { step: number - 1 };
    return { problem: `there is no statement ${wanted}: it has ${counted(count, 'statement')}` };
  }
  const byLine = /^line:(\d+)$/.exec(wanted);
  if (byLine === null) return { problem: `a step is a number or \`line:\` and a number, not \`${wanted}\`` };
  const line = Number(byLine[1]);
  const lines = linesOf(document);
  const step = lines.findIndex(({ first, last }) => first <= line && line <= last);
  if (step >= 0) return { step };
  const next = lines.find(({ first }) => first > line)?.first;
  const hint =
    next === undefined
      ? `the last is on line ${elementAt(lines, count - 1).first}`
      : `the next is on line ${next}`;
  return { problem: `there is no statement on line ${line}: ${hint}` };
}

/** Only the line: a statement number would differ from the debugger's, which counts calls. */
function placeOf({ document }: Analysis, step: number): readonly string[] {
  return [`line ${elementAt(linesOf(document), step).first}`];
}

/** The scenario that contains the statement: the one with that title, or else the first. */
function programOf({ programs }: Analysis, wanted: Statement, title: string | undefined): Program {
  const has = ({ statements }: Program) => statements.some(({ statement }) => statement === wanted);
  // A statement without a call is in no program, but in its block.
  const around = ({ block }: Program) =>
    block !== null && block.start <= wanted.span.start && wanted.span.end <= block.end;
  const named = programs.filter((program) => title === undefined || program.title === title);
  return named.find(has) ?? named.find(around) ?? named[0] ?? programs[0];
}

type Ran = Transition & {
  readonly expected: Expectations | null;
  /** As data; null for a statement that makes no call. */
  readonly outcome: StatementOutcome | null;
};

/** Runs the scenario up to the statement. */
function momentOf(program: Program, wanted: Statement): Ran {
  let state = initialState(program.setup);
  let vmId = 0;
  for (const executed of runScenario(program)) {
    const { statement, events, before, after } = executed;
    const { call, course, expected } = statement;
    if (statement.statement === wanted) {
      const outcome = outcomeOfExecuted(executed);
      return { call, course, expected, events, before, after, vmId: executed.vmId, outcome };
    }
    if (statement.statement.span.start > wanted.span.start) break;
    state = after;
    vmId = executed.next.vmId;
  }
  // `kernel`, the first `vm` and `scenario` make no call: there is what the calls before them have left.
  return { call: null, expected: null, events: [], before: state, after: state, vmId, outcome: null };
}

export interface StepOptions {
  /** Title of the scenario if several share the statement; defaults to the first. */
  readonly title?: string | undefined;
  /** Source location of the statement, instead of its line in the text; empty if readers do not see that text. */
  readonly place?: readonly string[];
}

/** A figure of a statement, with what it did as data. */
export interface DrawnStep {
  readonly figure: Figure;
  /** Title of its scenario; null for the only one of a file without blocks. */
  readonly scenario: string | null;
  /** From 1. */
  readonly line: number;
  readonly keyword: string;
  /** Null for a statement that makes no call. */
  readonly outcome: StatementOutcome | null;
}

/**
 * The figure of a statement of a scenario without errors, and what the statement did.
 * @param name Name of the scenario in the figure.
 */
export function drawStep(
  analysis: Analysis,
  step: number,
  name: string,
  show: Figure['show'],
  { title, place = placeOf(analysis, step) }: StepOptions = {},
): DrawnStep {
  const statement = elementAt(analysis.document.statements, step);
  const program = programOf(analysis, statement, title);
  const titled = program.title === null ? [] : [`"${program.title}"`];
  const facts = [name, ...titled, ...place];
  const { outcome, ...ran } = momentOf(program, statement);
  return {
    figure: figureOf({ ...ran, statement: printStatement(statement), facts }, show),
    scenario: program.title,
    line: elementAt(linesOf(analysis.document), step).first,
    keyword: statement.keyword,
    outcome,
  };
}

/** The figure of a statement of a scenario without errors. */
export function figureOfStep(...args: Parameters<typeof drawStep>): Figure {
  return drawStep(...args).figure;
}
