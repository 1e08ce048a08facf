import { elementAt } from '../../simulator';
import { quote } from '../diagnostics/diagnostics';
import { reportError } from '../diagnostics/report';
import { isSeenByTask } from '../expectations/quantifiers';
import type { Pieces } from '../pieces';
import { isSilent, type Keyword } from '../table/statements';
import { withStates } from '../tree/blocks';
import type { Block, RaceBlock, Span, Statement } from '../tree/tree';
import type { Context } from './context';

/** Checks races: their tasks, the statements in them, and the expectations of calls in and behind them. */

/** A search over the orders of more tasks does not end. */
const MOST_TASKS = 8;

export function* checkRaceBlocks(context: Context): Pieces<void> {
  for (const race of context.document.races) {
    checkTasks(context, race);
    checkStatements(context, race);
    checkRaceExpectation(context, race);
    yield;
  }
  checkTasksOutside(context);
  yield* checkPlaces(context);
}

function makesCall({ keyword }: Statement): boolean {
  return !isSilent(keyword);
}

function taskWithoutCall({ tasks }: RaceBlock): Block | undefined {
  return tasks.find(({ statements }) => !statements.some(makesCall));
}

function checkTasks({ report }: Context, race: RaceBlock): void {
  const { header, tasks } = race;
  const needed = 'a race needs at least two tasks with a call each';
  const idle = taskWithoutCall(race);
  const ninth = tasks[MOST_TASKS];
  if (tasks.length < 2) {
    const missing = tasks.length === 0 ? 'it has none' : 'it has one';
    reportError(report, header, 'G143', header.keywordSpan, `${needed}, and ${missing}`);
  } else if (idle !== undefined) {
    const name = idle.header.names.task?.text;
    const which = name === undefined ? 'this task' : `task ${quote(name)}`;
    const message = `${which} makes no call: ${needed}`;
    reportError(report, idle.header, 'G143', idle.header.callSpan, message);
  }
  if (ninth !== undefined) {
    const message = `a race has at most ${MOST_TASKS} tasks, and this one has ${tasks.length}: write fewer, or several races in scenarios of their own`;
    reportError(report, ninth.header, 'G143', ninth.header.callSpan, message);
  }
  checkNames(tasks, ({ header: again }, span, first) => {
    const message = `another task already has the name ${quote(again.names.task?.text ?? '')}`;
    const related = [{ span: first, message: 'the first one' }];
    reportError(report, again, 'G143', span, message, { related });
  });
}

function checkNames(tasks: readonly Block[], repeated: (task: Block, span: Span, first: Span) => void): void {
  const known = new Map<string, Span>();
  for (const task of tasks) {
    const { task: name } = task.header.names;
    if (name === undefined) continue;
    const first = known.get(name.text);
    if (first === undefined) known.set(name.text, name.span);
    else repeated(task, name.span, first);
  }
}

/** Statements that a task cannot make, and why; `kernel` is reported wherever it is not the first statement. */
const NOT_IN_RACES: Readonly<Partial<Record<Keyword, string>>> = {
  vm: 'is set-up: write it above the race',
  switch: 'is set-up: write it above the race, whose calls are all on one VM',
  gmem: 'is set-up: write it above the race',
  let: 'is set-up: write it above the race',
  continue: 'is not allowed in a race, which tries every order: leave it out',
};

/** The statements of a block that are in none of its tasks. */
function outsideTasks({ statements, tasks }: RaceBlock): readonly Statement[] {
  let next = 0;
  return statements.filter(({ span }) => {
    while (next < tasks.length && elementAt(tasks, next).span.end <= span.start) next++;
    const task = tasks[next];
    return task === undefined || span.start < task.span.start;
  });
}

function checkStatements({ report }: Context, race: RaceBlock): void {
  const stray = new Set(outsideTasks(race));
  for (const statement of race.statements) {
    const { keyword, keywordSpan, names } = statement;
    const reason = NOT_IN_RACES[keyword];
    if (reason !== undefined) {
      reportError(report, statement, 'G144', keywordSpan, `\`${keyword}\` ${reason}`);
    } else if (stray.has(statement) && makesCall(statement) && race.closed) {
      // What is behind a race without its brace is most likely meant to be behind it.
      const message = `this call is in the race, but in none of its tasks: write it into a \`task\`, or above or below the race`;
      reportError(report, statement, 'G144', keywordSpan, message);
    }
    const suspends = names.step ?? names.call;
    if (keyword === 'continue' || suspends === undefined) continue;
    const word = names.step === undefined ? 'as' : 'until';
    const message = `\`${word}\` is not allowed in a race, which tries every order: leave it out`;
    reportError(report, statement, 'G144', suspends.span, message);
  }
}

/** Tasks that are in no race. */
function checkTasksOutside({ document, report }: Context): void {
  const inRaces = new Set(document.races.flatMap(({ statements }) => statements));
  for (const statement of document.statements) {
    if (statement.keyword !== 'task' || inRaces.has(statement)) continue;
    const message = '`task` belongs in a race: write `race {` above the first task, and `}` below the last';
    reportError(report, statement, 'G144', statement.keywordSpan, message);
  }
}

/** The race of a scenario, once it has begun. */
interface Seen {
  race: RaceBlock | null;
}

/** What goes wrong is expected in no order, or in some: whether it happens in every order is not computed. */
function checkRaceExpectation({ report }: Context, { expectation }: RaceBlock): void {
  for (const { quantifier, what, span } of expectation?.items ?? []) {
    if (expectation === null || quantifier !== 'always') continue;
    const message = `write \`never ${what}\`, or \`sometimes ${what}\` for a bug that the scenario shows`;
    reportError(report, expectation, 'G145', span, message);
  }
}

/** Second races of a scenario, and quantifiers and expectations that are not allowed where they are. */
function* checkPlaces(context: Context): Pieces<void> {
  const { document, report } = context;
  const races = new Map(document.races.map((race) => [race.header, race]));
  const copy = (seen: Seen): Seen => ({ ...seen });
  for (const [statement, seen] of withStates<Seen>(document, { race: null }, copy)) {
    const race = races.get(statement);
    if (race !== undefined && seen.race !== null) {
      const related = [{ span: seen.race.header.keywordSpan, message: 'the first race' }];
      const message = 'a scenario has at most one race: write this one in a scenario of its own';
      reportError(report, statement, 'G143', statement.keywordSpan, message, { related });
    }
    if (race !== undefined) seen.race ??= race;
    checkExpectation(context, statement, race ?? seen.race);
    yield;
  }
}

function checkExpectation({ report }: Context, statement: Statement, race: RaceBlock | null): void {
  const { expectation } = statement;
  if (expectation === null) return;
  const isInside = race !== null && statement.span.start < race.body.end;
  for (const { quantifier, quantifierSpan, kind, word, span } of expectation.items) {
    if (race === null && quantifierSpan !== null && quantifier !== 'always') {
      const message = `\`${quantifier}\` is about all orders of a race, and no race is here or above: leave it out`;
      reportError(report, expectation, 'G145', quantifierSpan, message);
    }
    if (!isInside || !race.closed || isSeenByTask(kind)) continue;
    const isViolation = kind === 'stale' || kind === 'warn';
    const where = isViolation
      ? `write \`${kind === 'warn' ? 'WARN' : 'STALE'}\` behind the \`}\` of the race`
      : 'write it behind a statement below the race';
    const message = `the other tasks have a part in this outcome, so one call of a race cannot expect it: ${where}`;
    reportError(report, expectation, 'G145', { start: word.start, end: span.end }, message);
  }
}
