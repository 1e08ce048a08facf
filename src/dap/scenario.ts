/** A scenario that is loaded for debugging, or a branch of one. */
import {
  analyze,
  type CompiledStatement,
  indexLines,
  type Program,
  positionAt,
  type Statement,
  scenarioOfProgram,
} from '../language';
import { RequestError } from './errors';
import type { Moment } from './moment';
import { type Label, labelsOf } from './places';
import { Timeline } from './timeline';

export interface Scenario {
  /** Path or URI, as the client gave it. */
  readonly path: string;
  /** Without a byte order mark. */
  readonly text: string;
  /** Shared ones and its own, in the order in which they run, with those that make no call. */
  readonly statements: readonly Statement[];
  readonly program: Program;
  readonly timeline: Timeline;
  /** What every statement is called, and where it stands. */
  readonly labels: ReadonlyMap<CompiledStatement, Label>;
  /** How it came off another one; null for the scenario itself. */
  readonly branch: Branch | null;
}

/** How a scenario came off another one. */
export interface Branch {
  readonly parent: Scenario;
  /** Where it came off. */
  readonly from: Moment;
  /** How many statements of its program were typed: the first ones. */
  readonly typed: number;
  /** Index in the parent's program of the statement that follows them. */
  readonly rest: number;
}

/** A scenario is written by hand; a larger file is something else. */
const LONGEST_TEXT = 64 * 1024 * 1024;

/** The scenario of that title, or the first. */
function choose(programs: readonly Program[], title: string | undefined): Program {
  const program = title === undefined ? programs[0] : programs.find((one) => one.title === title);
  if (program !== undefined) return program;
  const titles = programs.flatMap((one) => (one.title === null ? [] : [`"${one.title}"`]));
  const there = titles.length === 0 ? 'The file has no scenario blocks.' : `There are ${titles.join(', ')}.`;
  throw new RequestError(`There is no scenario "${title}". ${there}`);
}

function errorText(text: string, { errors }: Program): string {
  const [first] = errors;
  if (first === undefined) return '';
  const { line } = positionAt(indexLines(text), first.span.start);
  const more = errors.length === 1 ? '' : `, and ${errors.length - 1} more`;
  return `The scenario cannot run: line ${line + 1}: ${first.message} (${first.code})${more}.`;
}

/**
 * Makes a scenario ready to run.
 * @param title Which one of several in the file; the first without it.
 * @throws RequestError where it has errors or makes no call, or there is none of that title.
 */
export function loadScenario(path: string, content: string, title?: string): Scenario {
  if (content.length > LONGEST_TEXT) throw new RequestError('The file is too large to be a scenario.');
  // A byte order mark is no part of the text.
  const text = content.replace(/^\uFEFF/, '');
  const { document, programs } = analyze(text);
  const program = choose(programs, title);
  const problem = errorText(text, program);
  if (problem !== '') throw new RequestError(problem);
  if (program.statements.length === 0) {
    throw new RequestError('There is nothing to run: the scenario makes no call. Add a statement.');
  }
  const { statements } = scenarioOfProgram(document, program);
  const labels = labelsOf(text, program);
  return { path, text, statements, program, labels, timeline: new Timeline(program), branch: null };
}

/** What a statement of the program is called, and where it stands. */
export function labelAt({ program, labels }: Scenario, statement: number): Label {
  return labels.get(program.statements[statement]!)!;
}
