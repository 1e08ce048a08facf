/** Writes an order of a race as a scenario: the calls are suspended with `until` and resume with `continue`. */
import { type Order, type OrderedStep, orderTo, type Place } from '../../explorer';
import { analyze, applyEdits, print } from '../../language';
import { must } from '../../simulator';
import { acceptancesOf, hasFailedExpectation, hasUnexpectedNews } from '../expectations/acceptance';
import { checkScenario } from '../expectations/verdict';
import { sourceLine } from '../text/transcript';
import { callName, type ExploredRace } from './explore';

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

/** The text of the scenario without its race: up to the race, and the statements behind it. */
function around(text: string, { program: { race, block, statements } }: ExploredRace) {
  const behind = statements.slice(race.end).map((statement) => sourceLine(text, statement));
  if (block === null) return { above: text.slice(0, race.span.start), behind };
  const { document } = analyze(text);
  const blocks = document.blocks.filter(({ span }) => span.start < block.start);
  let shared = '';
  let from = 0;
  for (const { span } of blocks) {
    shared += text.slice(from, span.start);
    from = span.end;
  }
  shared += text.slice(from, block.start);
  const own = must(
    document.blocks.find(({ span }) => span.start === block.start),
    'block of the scenario',
  );
  return { above: `${shared}\n${text.slice(own.body.start + 1, race.span.start)}`, behind };
}

/** The statements of an order. */
function statementsOf(text: string, { program }: ExploredRace, { steps, endless }: Order): readonly string[] {
  const { race, statements } = program;
  const begun = new Set<string>();
  const suspended = new Set<string>();
  const last = new Map<number, { readonly name: string; readonly source: string }>();
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
    last.set(turn.task, { name, source });
    if (times > 0) suspended.add(name);
    else suspended.delete(name);
  }
  for (const task of endless) {
    const call = last.get(task);
    if (call !== undefined) lines.push(suspended.has(call.name) ? `continue ${call.name}` : call.source);
  }
  return lines;
}

/** The text with the outcome of each statement as its expectation, if it is worth one. */
function withExpectations(text: string): string {
  const { document, programs } = analyze(text);
  const checked = programs.flatMap((program) => [...checkScenario(program)]);
  return applyEdits(
    text,
    acceptancesOf(document, checked, (one) => hasFailedExpectation(one) || hasUnexpectedNews(one)).edits,
  );
}

/**
 * The scenario that takes the shortest order to a place, formatted, with the outcome of each statement as its
 * expectation.
 * @param text The text from which the program was compiled.
 */
export function witnessText(text: string, explored: ExploredRace, place: Place): string {
  const { above, behind } = around(text, explored);
  const order = statementsOf(text, explored, orderTo(explored.result, place));
  const plain = [above.trimEnd(), '', ...order, ...(behind.length === 0 ? [] : ['', ...behind]), ''].join(
    '\n',
  );
  const full = withExpectations(plain);
  return print(analyze(full).document);
}
