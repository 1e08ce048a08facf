/** A scenario loaded for debugging, or a branch of one. */
import {
  analyze,
  type CompiledStatement,
  indexLines,
  type Program,
  positionAt,
  type Statement,
  scenarioOfProgram,
} from '../language';
import { elementAt, must } from '../simulator';
import { RequestError } from './errors';
import { withoutMark } from './host';
import type { Moment } from './moment';
import { type DebuggedRace, withRace } from './race/tasks';
import { type Label, labelsOf } from './source-location';
import { Timeline } from './timeline';

export interface DebuggedScenario {
  /** Path or URI as given by the client. */
  readonly path: string;
  /** Without a byte order mark. */
  readonly text: string;
  /** Shared statements and its own, in execution order, including those that make no call. */
  readonly statements: readonly Statement[];
  readonly program: Program;
  readonly timeline: Timeline;
  /** The name and location of every statement. */
  readonly labels: ReadonlyMap<CompiledStatement, Label>;
  /** The calls of the scenario itself, without a branch, in the order of the text. */
  readonly told: readonly CompiledStatement[];
  /** The race of the scenario; null if it has none. */
  readonly race: DebuggedRace | null;
  /** The branch data; null for the scenario itself. */
  readonly branch: Branch | null;
}

/** How a scenario branched off another one. */
export interface Branch {
  readonly parent: DebuggedScenario;
  /** The moment of the parent at which the branch starts. */
  readonly from: Moment;
  /** Number of typed statements; they come first in its program. */
  readonly typed: number;
  /** Index in the parent's program of the statement after them. */
  readonly rest: number;
  /** Whether it starts in the race, or is a branch of one that does: there, a person does not choose who steps. */
  readonly beginsInRace: boolean;
}

/** Scenarios are written by hand; larger files are something else. */
const LONGEST_TEXT = 64 * 1024 * 1024;

/** The scenario of that title; the first if no title is given. */
function choose(programs: readonly Program[], title: string | undefined): Program {
  const program = title === undefined ? programs[0] : programs.find((one) => one.title === title);
  if (program !== undefined) return program;
  const titles = programs.flatMap((one) => (one.title === null ? [] : [`"${one.title}"`]));
  const there = titles.length === 0 ? 'The file has no scenario blocks.' : `There are ${titles.join(', ')}.`;
  throw new RequestError(`There is no scenario "${title}". ${there}`);
}

/** @throws RequestError if the scenario has errors. */
function checkErrors(text: string, { errors }: Program): void {
  const [first] = errors;
  if (first === undefined) return;
  const line = positionAt(indexLines(text), first.span.start).line + 1;
  const more = errors.length === 1 ? '' : `, and ${errors.length - 1} more`;
  const problem = `line ${line}: ${first.message} (${first.code})${more}`;
  throw new RequestError(`The scenario cannot run: ${problem}.`, false, line);
}

/**
 * Makes a scenario ready to run.
 * @param title Title of the scenario, if the file has several; default: the first.
 * @throws RequestError if it has errors or makes no call, or if no scenario has that title.
 */
export function loadScenario(path: string, content: string, title?: string): DebuggedScenario {
  if (content.length > LONGEST_TEXT) throw new RequestError('The file is too large to be a scenario.');
  // A byte order mark is not part of the text.
  const text = withoutMark(content);
  const { document, programs } = analyze(text);
  const program = choose(programs, title);
  checkErrors(text, program);
  if (program.statements.length === 0) {
    throw new RequestError('There is nothing to run: the scenario makes no call. Add a statement.');
  }
  const { statements } = scenarioOfProgram(document, program);
  const { program: run, race } = withRace(program);
  const told = run.statements;
  const labels = labelsOf(text, run);
  return {
    path,
    text,
    statements,
    program: run,
    labels,
    timeline: new Timeline(run, race),
    told,
    race,
    branch: null,
  };
}

/** The name and location of a statement. */
export function labelOf({ labels }: Pick<DebuggedScenario, 'labels'>, statement: CompiledStatement): Label {
  return must(labels.get(statement), 'label of the statement');
}

/** The name and location of the statement with an index. */
export function labelAt(scenario: DebuggedScenario, statement: number): Label {
  return labelOf(scenario, elementAt(scenario.program.statements, statement));
}
