/** Writes an order of a race as a scenario: the calls are suspended with `until` and resume with `continue`. */
import { type Order, type OrderedStep, orderTo, type Place } from '../../explorer';
import { analyze, applyEdits, type Document, print, scenariosOf } from '../../language';
import { must } from '../../simulator';
import { acceptancesOf, hasFailedExpectation, hasUnexpectedNews } from '../expectations/acceptance';
import { checkScenario } from '../expectations/verdict';
import { sourceLine } from '../text/transcript';
import { callName, type ExploredRace, type RaceProgram } from './explore';

/** Consecutive steps of one call. */
interface Turn {
  readonly task: number;
  readonly call: number;
  readonly steps: readonly OrderedStep[];
}

function turnsOf(order: readonly OrderedStep[]): readonly Turn[] {
  const turns: { task: number; call: number; steps: OrderedStep[] }[] = [];
  for (const step of order) {
    const last = turns.at(-1);
    const goesOn = last?.task === step.task && last.call === step.call && last.steps.at(-1)?.next !== null;
    if (goesOn) last?.steps.push(step);
    else turns.push({ task: step.task, call: step.call, steps: [step] });
  }
  return turns;
}

/**
 * How often a call has to be suspended at the step at which its turn ends: that step may come several times in the turn.
 * 0 if the call returns.
 */
function suspensions({ steps }: Turn): number {
  const label = steps.at(-1)?.next;
  return label === null ? 0 : steps.filter(({ next }) => next === label).length;
}

/** A scenario without its race. */
interface Around {
  /** What it shares with other blocks; empty for a document without blocks. */
  readonly shared: string;
  /** Its own text above the race. */
  readonly above: string;
  /** The statements behind the race. */
  readonly behind: readonly string[];
}

/** The text up to an offset, without the blocks in it. */
function withoutBlocks(text: string, { blocks }: Document, end: number): string {
  let shared = '';
  let from = 0;
  for (const { span } of blocks.filter((block) => block.span.start < end)) {
    shared += text.slice(from, span.start);
    from = span.end;
  }
  return shared + text.slice(from, end);
}

function around(text: string, document: Document, { race, block }: RaceProgram): Around {
  // Constants that are defined behind the race belong to the statements there.
  const scenario = scenariosOf(document).find(({ block: own }) => own?.span.start === block?.start);
  const behind = must(scenario, 'scenario of the race')
    .statements.filter(({ span }) => span.start >= race.span.end)
    .map((statement) => sourceLine(text, { statement }));
  if (block === null) return { shared: '', above: text.slice(0, race.span.start), behind };
  // A race above the blocks: so is all that comes before it.
  if (race.span.start < block.start) {
    return { shared: '', above: withoutBlocks(text, document, race.span.start), behind };
  }
  const own = must(
    document.blocks.find(({ span }) => span.start === block.start),
    'block of the scenario',
  );
  return {
    shared: withoutBlocks(text, document, block.start),
    above: text.slice(own.body.start + 1, race.span.start),
    behind,
  };
}

/** The statements of an order. */
function statementsOf(text: string, program: RaceProgram, { steps, endless }: Order): readonly string[] {
  const { race, statements } = program;
  const begun = new Set<string>();
  const suspended = new Set<string>();
  const lines: string[] = [];
  for (const turn of turnsOf(steps)) {
    const task = must(race.tasks[turn.task], 'task');
    const name = callName(task, turn.call);
    const label = turn.steps.at(-1)?.next;
    const times = suspensions(turn);
    const source = sourceLine(text, must(statements[task.start + turn.call], 'call of the race'));
    const until = times === 0 ? '' : ` until ${label}`;
    const isNew = !begun.has(name) || (task.repeats && !suspended.has(name));
    if (isNew) lines.push(`${source}${until}${until === '' ? '' : ` as ${name}`}`);
    else lines.push(`continue ${name}${until}`);
    for (let time = 1; time < times; time++) lines.push(`continue ${name}${until}`);
    begun.add(name);
    if (times > 0) suspended.add(name);
    else suspended.delete(name);
  }
  for (const { task: index, call } of endless) {
    const task = must(race.tasks[index], 'task');
    const name = callName(task, call);
    const source = sourceLine(text, must(statements[task.start + call], 'call of the race'));
    lines.push(suspended.has(name) ? `continue ${name}` : source);
  }
  return lines;
}

/** The text with the outcome of each statement from an offset on as its expectation, if it is worth one. */
function withExpectations(text: string, from: number): string {
  const { document, programs } = analyze(text);
  const checked = programs
    .flatMap((program) => [...checkScenario(program)])
    .filter(({ statement }) => statement.statement.span.start >= from);
  return applyEdits(
    text,
    acceptancesOf(document, checked, (one) => hasFailedExpectation(one) || hasUnexpectedNews(one)).edits,
  );
}

/** The calls of an order, and the statements behind the race. */
function withoutRace(text: string, program: RaceProgram, order: Order, behind: readonly string[]): string {
  const statements = statementsOf(text, program, order);
  return ['', ...statements, ...(behind.length === 0 ? [] : ['', ...behind]), ''].join('\n');
}

/** An order as a scenario. */
export interface Witness {
  readonly text: string;
  /** Line of the first call of the race, from 1. */
  readonly line: number;
}

/**
 * The scenario that takes the shortest order to a place, formatted, with the outcome of each statement as its
 * expectation.
 * @param text The text from which the program was compiled.
 */
export function witnessOf(text: string, { program, result }: ExploredRace, place: Place): Witness {
  return witnessOfOrder(text, program, orderTo(result, place));
}

/** The scenario that takes an order. */
export function witnessOfOrder(text: string, raceProgram: RaceProgram, order: Order): Witness {
  const { shared, above, behind } = around(text, analyze(text).document, raceProgram);
  const head = shared === '' ? above : `${shared}\n${above}`;
  const plain = `${head.trimEnd()}\n${withoutRace(text, raceProgram, order, behind)}`;
  const full = print(analyze(withExpectations(plain, 0)).document);
  const [program] = analyze(full).programs;
  return { text: full, line: program.statements[raceProgram.race.start]?.line ?? 1 };
}

/** The text of the scenario that takes the shortest order to a place. */
export function witnessText(text: string, explored: ExploredRace, place: Place): string {
  return witnessOf(text, explored, place).text;
}

/**
 * The same as a block with a title, for a document that has blocks. Null if the race is above the blocks, which all run
 * it.
 */
export function witnessBlock(
  text: string,
  explored: ExploredRace,
  place: Place,
  title: string,
): string | null {
  const { program, result } = explored;
  const { block, race } = program;
  if (block === null || race.span.start < block.start) return null;
  const { shared, above, behind } = around(text, analyze(text).document, program);
  const head = shared.trimEnd() === '' ? '' : `${shared.trimEnd()}\n`;
  const body = `${above.trim()}\n${withoutRace(text, program, orderTo(result, place), behind)}`;
  const full = print(
    analyze(withExpectations(`${head}scenario "${title}" {\n${body}}\n`, head.length)).document,
  );
  const { blocks } = analyze(full).document;
  const { start, end } = must(blocks.at(-1), 'block that was written').span;
  return full.slice(start, end);
}
