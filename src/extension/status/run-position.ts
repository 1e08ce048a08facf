import type { DebugProtocol } from '@vscode/debugprotocol';
import { listingText, PROCEDURE_NAMES, stepCount } from '../../dap';
import { indexLines, type Program, positionAt } from '../../language';
import type { TimelineBody } from './timeline';

/** The position in a run, in the numbers shown to the user. */
export interface RunPosition {
  /** The current statement, from 1, and their count, in the order of the scenario. */
  readonly statement: number;
  readonly statements: number;
  readonly source: string;
  /** The innermost kernel procedure with its current step, from 1, and their count; null between statements. */
  readonly procedure: { readonly name: string; readonly step: number; readonly steps: number } | null;
  /** `past`: earlier than the furthest point reached. */
  readonly where: 'now' | 'past' | 'end';
  /** `on a branch`; empty on the scenario's own run. */
  readonly branch: string;
}

/** The scenario of a session. */
export interface RunningScenario {
  readonly program: Program;
  /** Location of each statement, with lines and columns from 1, as in stack frames. */
  readonly places: readonly { readonly line: number; readonly column: number }[];
}

export function runningScenario(text: string, program: Program): RunningScenario {
  const lines = indexLines(text);
  const places = program.statements.map(({ statement }) => {
    const { line, character } = positionAt(lines, statement.span.start);
    return { line: line + 1, column: character + 1 };
  });
  return { program, places };
}

type Frame = Pick<DebugProtocol.StackFrame, 'name' | 'line' | 'column'>;

const RETURNED = / \(returned\)$/;

function procedureOf({ program }: RunningScenario, frame: Frame): RunPosition['procedure'] {
  if (!PROCEDURE_NAMES.includes(frame.name)) return null;
  const { firstStepLine } = listingText(program.setup, frame.name);
  return {
    name: frame.name,
    step: frame.line - firstStepLine + 1,
    steps: stepCount(program.setup, frame.name),
  };
}

/**
 * The position of a session.
 * @param frames Its call stack, innermost frame first; the last is the statement.
 * @param timeline What it reports about its run; undefined if it reports nothing.
 */
export function runPosition(
  scenario: RunningScenario,
  frames: readonly Frame[],
  timeline: TimelineBody | undefined,
): RunPosition | undefined {
  const [innermost] = frames;
  const outermost = frames.at(-1);
  if (innermost === undefined || outermost === undefined) return undefined;
  const { places } = scenario;
  const begun = timeline?.statements.filter((tick) => tick <= timeline.tick).length ?? 0;
  const at =
    timeline === undefined
      ? places.findIndex(({ line, column }) => line === outermost.line && column === outermost.column)
      : begun - 1;
  if (at < 0 || at >= places.length) return undefined;
  const isPast = timeline !== undefined && timeline.tick < timeline.ticks - 1;
  const isEnd = at === places.length - 1 && RETURNED.test(outermost.name);
  return {
    statement: at + 1,
    statements: places.length,
    source: outermost.name.replace(RETURNED, ''),
    procedure: frames.length > 1 ? procedureOf(scenario, innermost) : null,
    where: isPast ? 'past' : isEnd ? 'end' : 'now',
    branch: timeline?.branch === true ? 'on a branch' : '',
  };
}

const WHERE = { now: '', past: 'in the past', end: 'at the end' } as const;
const ICONS = { now: 'debug-line-by-line', past: 'history', end: 'debug-stop' } as const;

/** `$(history) statement 5 of 13 · fallocate(2), step 3 of 9 · in the past`. */
export function positionText({ statement, statements, procedure, where, branch }: RunPosition): string {
  const parts = [
    `statement ${statement} of ${statements}`,
    procedure === null ? '' : `${procedure.name}, step ${procedure.step} of ${procedure.steps}`,
    branch,
    WHERE[where],
  ].filter((part) => part !== '');
  return `$(${ICONS[where]}) ${parts.join(' · ')}`;
}

/** The same as a sentence: for the tooltip, and for a screen reader. */
export function positionSentence({
  statement,
  statements,
  source,
  procedure,
  where,
  branch,
}: RunPosition): string {
  const parts = [
    `Statement ${statement} of ${statements}: ${source}`,
    procedure === null ? '' : `step ${procedure.step} of ${procedure.steps} of ${procedure.name}`,
    branch,
    WHERE[where],
  ].filter((part) => part !== '');
  return parts.join(', ');
}
