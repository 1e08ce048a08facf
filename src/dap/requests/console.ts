/** Input in the debug console: a command, a statement that runs on a branch, or an expression. */
import {
  CHANGE_KINDS,
  type EvaluationContext,
  evaluate,
  helpText,
  isProblem,
  outcomeFields,
  type Value,
} from '../../expressions';
import { type Keyword, statementSpec, tokenize } from '../../language';
import { lastOf } from '../../simulator';
import { branchOff, compileTyped } from '../branch';
import { type Context, type Halt, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { evaluationContextOf } from '../evaluation-context';
import { levelsOf, type Moment } from '../moment';
import { type DebuggedScenario, labelAt } from '../scenario';
import { pastTyped } from '../stepping/goals';
import type { Slice } from '../stepping/slices';
import { dataText, stopText } from '../stopping';
import type { Stop } from '../stops';
import { lastChangeSlice } from './data-breakpoints';
import { announceRun, forwardSlice, leaveBranch, startRun } from './running';

/** The answer to a line: a text, and an optional value to expand. */
export interface Answer {
  readonly text: string;
  readonly value?: Value;
  /** The context in which members of the value are evaluated. */
  readonly evaluation: EvaluationContext;
  /** Tells the client, after the response, that the scenario has moved. */
  readonly tell?: () => void;
}

export const COMMANDS: readonly { readonly usage: string; readonly doc: string }[] = [
  { usage: 'help', doc: 'list of commands, names and functions' },
  { usage: 'back', doc: 'leaves a what-if branch and returns to the scenario' },
  {
    usage: 'who zapped EXPRESSION',
    doc: 'goes back to the last step that did so; also mapped, converted, freed, …',
  },
];

const WHO = new RegExp(`^who\\s+(?<what>changed|${CHANGE_KINDS.join('|')})\\s+(?<expression>.+)$`);

/** Keywords that never start an expression. */
const ONLY_KEYWORDS: ReadonlySet<string> = new Set<Keyword>(['kernel', 'scenario', 'let', 'race', 'task']);

/**
 * Whether a line is a statement: two adjacent words cannot be an expression, nor can a keyword that needs no argument.
 */
export function isStatement(text: string, evaluation: EvaluationContext): boolean {
  const [first, second] = tokenize(text).tokens;
  if (first?.kind !== 'word') return false;
  if (ONLY_KEYWORDS.has(text.slice(first.start, first.end))) return true;
  if (second?.kind === 'word' || second?.kind === 'number') return true;
  if (second?.kind !== 'end' || statementSpec(text.trim()) === undefined) return false;
  // `slot` and `vm` are functions or locals; other keywords are only words.
  const value = evaluate(text, evaluation);
  return !isProblem(value) && value.kind === 'word' && value.text === text.trim();
}

/** Runs and waits for the stop. @throws RequestError if the session ends first. */
async function haltOf(context: Context, slice: Slice): Promise<Halt> {
  announceRun(context);
  const halted = new Promise<Halt | null>((resolve) => {
    context.awaited = resolve;
  });
  startRun(context, slice, false);
  const halt = await halted;
  if (halt === null) throw new RequestError('The request was abandoned.', true);
  return halt;
}

function help(): string {
  return [
    'Type an expression or a scenario statement. Statements run from here, on a branch.',
    'Commands:',
    ...COMMANDS.map(({ usage, doc }) => `  ${usage.padEnd(22)} ${doc}`),
    helpText(),
  ].join('\n');
}

function lineText(scenario: DebuggedScenario, { statement }: Moment): string {
  return `line ${labelAt(scenario, statement).location.line}`;
}

/**
 * Leaves the branch and all its parent branches.
 * @throws RequestError if there is none.
 */
export function leavingSlice(context: Context): Slice {
  if (scenarioOf(context).branch === null) {
    throw new RequestError('There is no branch to leave: this is the run of the scenario itself.', true);
  }
  return () => {
    while (leaveBranch(context));
    return { kind: 'left' };
  };
}

async function back(context: Context, evaluation: EvaluationContext): Promise<Answer> {
  const { tell } = await haltOf(context, leavingSlice(context));
  const scenario = scenarioOf(context);
  return {
    text: `Back on ${lineText(scenario, scenario.timeline.current)}, as it was.`,
    evaluation,
    tell,
  };
}

async function who(
  context: Context,
  what: string,
  expression: string,
  evaluation: EvaluationContext,
): Promise<Answer> {
  const slice = lastChangeSlice(context, expression, what === 'changed' ? undefined : what, evaluation);
  const { stop, tell } = await haltOf(context, slice);
  return { text: foundText(context, stop), evaluation, tell };
}

function foundText(context: Context, stop: Stop): string {
  if (stop.kind === 'breakpoint' && stop.data !== null) return dataText(scenarioOf(context), stop.data);
  return stop.kind === 'nowhere' ? stop.message : 'Stopped before it was found.';
}

/** The moment after the last typed statement returned; null if it has not. */
function afterTyped({ timeline }: DebuggedScenario, typed: number): Moment | null {
  if (timeline.outcomes.length < typed) return null;
  const next = timeline.statementTicks[typed];
  return next === undefined ? timeline.current : timeline.at(next - 1);
}

/** Why typed statements have not all returned. */
function unfinishedTexts(scenario: DebuggedScenario, stop: Stop): readonly string[] {
  const why = stopText(scenario, stop);
  const texts = why === null ? [] : [why];
  return [...texts, 'It stopped before it returned: Continue resumes it, `back` leaves the branch.'];
}

/** Why some words of the language are rejected in the console. */
const NOT_HERE = {
  kernel:
    'The kernel is chosen before the first call and cannot change while the scenario runs: change it in the file and restart.',
  scenario:
    'A scenario block cannot be typed here, inside a running scenario. Type the statements inside its braces.',
  race: 'A race cannot be typed here: its tasks run in every order of their steps. Type one of their calls.',
  task: 'A task cannot be typed here, without its race. Type one of its calls.',
  let: 'A typed constant is known only to statements in the same input, and there are none: add them below it. Constants of the scenario are known already.',
  expectation: 'An expectation follows a statement, as in `punch A offset 0 size 4K => flush`.',
  comment: 'A comment has no effect here.',
} as const;

const BRANCH_NOTE =
  'it does not change the run of the scenario itself. `back` leaves it, Continue resumes from here.';

/** Runs typed statements on a branch from the current moment. */
async function whatIf(context: Context, text: string, evaluation: EvaluationContext): Promise<Answer> {
  const parent = scenarioOf(context);
  const { statements, errors, keywords } = compileTyped(parent, text);
  const misplaced = keywords.find(
    (keyword) => keyword === 'kernel' || keyword === 'scenario' || keyword === 'race' || keyword === 'task',
  );
  if (misplaced !== undefined) throw new RequestError(NOT_HERE[misplaced], true);
  if (errors.length > 0) {
    throw new RequestError(errors.map(({ message, code }) => `${message} (${code})`).join('\n'), true);
  }
  if (statements.size === 0) throw new RequestError(NOT_HERE.let, true);
  const branch = branchOff(parent, statements);
  context.scenario = branch;
  if (parent.branch === null) {
    const from = lineText(parent, parent.timeline.current);
    context.sendEvent('output', {
      category: 'console',
      output: `On a branch from ${from}: ${BRANCH_NOTE}\n`,
    });
  }
  const { stop, tell } = await haltOf(context, forwardSlice(context, pastTyped(statements.size)));
  const texts = branch.timeline.outcomes.slice(0, statements.size).map((outcome) => outcome.text);
  const moment = afterTyped(branch, statements.size);
  if (moment === null) {
    return { text: [...texts, ...unfinishedTexts(branch, stop)].join('\n'), evaluation, tell };
  }
  const level = lastOf(levelsOf(branch.program, moment));
  const after = evaluationContextOf(branch, moment, level);
  const value: Value = { kind: 'record', fields: outcomeFields(after), watch: null };
  return { text: texts.join('\n'), value, evaluation: after, tell };
}

/** Executes a line or evaluates it. @throws RequestError if the line has errors. */
export async function answerLine(
  context: Context,
  line: string,
  evaluation: EvaluationContext,
): Promise<Answer | null> {
  const text = line.trim();
  if (text === 'help') return { text: help(), evaluation };
  if (text === 'back') return back(context, evaluation);
  const asked = WHO.exec(text)?.groups;
  if (asked?.what !== undefined && asked.expression !== undefined) {
    return who(context, asked.what, asked.expression, evaluation);
  }
  if (text.startsWith('=>')) throw new RequestError(NOT_HERE.expectation, true);
  const code = text.replaceAll(/^\s*#.*$/gm, '').trim();
  if (code === '' && text !== '') throw new RequestError(NOT_HERE.comment, true);
  return isStatement(code, evaluation) ? whatIf(context, code, evaluation) : null;
}
