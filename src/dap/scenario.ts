/** A scenario that is loaded for debugging, or a branch of one. */
import { analyze, type CompiledStatement, indexLines, type Program, positionAt } from '../language';
import type { Branch } from './branch';
import { RequestError } from './errors';
import { type Label, labelsOf } from './places';
import { Timeline } from './timeline';

export interface Scenario {
  /** Path or URI, as the client gave it. */
  readonly path: string;
  /** Without a byte order mark. */
  readonly text: string;
  readonly program: Program;
  readonly timeline: Timeline;
  /** What every statement is called, and where it stands. */
  readonly labels: ReadonlyMap<CompiledStatement, Label>;
  /** How it came off another one; null for the scenario itself. */
  readonly branch: Branch | null;
}

/** A scenario is written by hand; a larger file is something else. */
const LONGEST_TEXT = 64 * 1024 * 1024;

function errorText(text: string, { errors }: Program): string {
  const [first] = errors;
  if (first === undefined) return '';
  const { line } = positionAt(indexLines(text), first.span.start);
  const more = errors.length === 1 ? '' : `, and ${errors.length - 1} more`;
  return `The scenario cannot run: line ${line + 1}: ${first.message} (${first.code})${more}.`;
}

/**
 * Makes a scenario ready to run.
 * @throws RequestError where it has errors or makes no call.
 */
export function loadScenario(path: string, content: string): Scenario {
  if (content.length > LONGEST_TEXT) throw new RequestError('The file is too large to be a scenario.');
  // A byte order mark is no part of the text.
  const text = content.replace(/^\uFEFF/, '');
  const { program } = analyze(text);
  const problem = errorText(text, program);
  if (problem !== '') throw new RequestError(problem);
  if (program.statements.length === 0) {
    throw new RequestError('There is nothing to run: the scenario makes no call. Add a statement.');
  }
  const labels = labelsOf(text, program);
  return { path, text, program, labels, timeline: new Timeline(program), branch: null };
}

/** What a statement of the program is called, and where it stands. */
export function labelAt({ program, labels }: Scenario, statement: number): Label {
  return labels.get(program.statements[statement]!)!;
}
