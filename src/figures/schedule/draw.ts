/** Finds the schedule of a scenario: an order of its race, or calls that overlap as it is written. */
import { type Analysis, finish, type Program } from '../../language';
import {
  behindRace,
  counted,
  exploreRace,
  hasRace,
  type NumberedOrder,
  numberedOrders,
  outcomesOf,
  type RaceProgram,
  raceSchedule,
  type ScheduleTrace,
  toldSchedules,
  verdictsOf,
} from '../../outcome';
import { elementAt, type State } from '../../simulator';
import { vmFacts } from '../build';

import { buildSchedule } from './build';
import { MOST_TASKS, type Schedule } from './schedule';

/** States after which the search for an order of a race gives up. */
const MOST_STATES = 1_000_000;

export interface ScheduleOptions {
  /** Title of the scenario; defaults to the first that has a schedule. */
  readonly title?: string | undefined;
  /** Index of a statement that belongs to the schedule; null for any. */
  readonly step?: number | null;
  /** Number of the order of a race; null for the first that fails an expectation, or else the first outcome. */
  readonly witness?: number | null;
  /** Whether readers see the text with these lines. */
  readonly lines?: boolean;
}

/** A schedule, with its place in the text. */
export interface DrawnSchedule {
  readonly schedule: Schedule;
  /** Title of its scenario; null for the only one of a file without blocks. */
  readonly scenario: string | null;
  /** Line of the race, or of the first of its calls, from 1. */
  readonly line: number;
  /** The number of the order; null for a scenario without a race. */
  readonly order: number | null;
}

export type FoundSchedule = DrawnSchedule | { readonly problem: string };

interface Found {
  readonly trace: ScheduleTrace;
  readonly line: number;
  readonly order: number | null;
  readonly shows: readonly string[];
  readonly start: State;
  readonly vmId: number;
}

/** The order of that number, or the default. */
function chosen(orders: readonly NumberedOrder[], witness: number | null): number {
  if (witness !== null) return witness - 1;
  const fails = orders.findIndex(({ kind }) => kind === 'fails');
  return fails >= 0 ? fails : orders.findIndex(({ kind }) => kind === 'outcome');
}

function ofRace(text: string, program: RaceProgram, witness: number | null): Found | string {
  const explored = finish(exploreRace(program, { maxStates: MOST_STATES }));
  if (!explored.result.complete) {
    return `the race has more than ${MOST_STATES} states: \`gmemscope explore --max-states\` searches further, and \`--witness\` writes an order as a scenario`;
  }
  const behind = behindRace(explored);
  const orders = numberedOrders(verdictsOf(explored, behind), outcomesOf(text, explored, behind));
  const at = chosen(orders, witness);
  const order = orders[at];
  if (order === undefined) {
    if (orders.length === 0) return 'no order of the race ends, and none decides an expectation';
    const numbers =
      orders.length === 1 ? 'there is only order 1' : `they are numbered from 1 to ${orders.length}`;
    return witness === null
      ? 'no order of the race ends: choose one that decides an expectation by its number'
      : `there is no order ${witness}: ${numbers}`;
  }
  return {
    trace: raceSchedule(text, explored, order.place),
    ...{ line: program.race.line, order: at + 1, shows: [order.shows.replaceAll('`', '"')] },
    ...{ start: explored.result.steps.race.start, vmId: explored.vmId },
  };
}

function ofTold(text: string, program: Program, step: number | null, { document }: Analysis): Found | null {
  const wanted = step === null ? null : document.statements[step];
  const schedules = toldSchedules(text, program);
  const found = schedules.find(({ first, last }) => {
    if (wanted === null) return true;
    const at = program.statements.findIndex(({ statement }) => statement === wanted);
    return first <= at && at <= last;
  });
  if (found === undefined) return null;
  const { line } = elementAt(program.statements, found.first);
  return { trace: found.trace, line, order: null, shows: [], start: found.start, vmId: found.vmId };
}

function isIn(program: Program, step: number | null, { document }: Analysis): boolean {
  if (step === null) return true;
  const wanted = document.statements[step];
  if (program.statements.some(({ statement }) => statement === wanted)) return true;
  const { block } = program;
  return (
    wanted !== undefined && block !== null && block.start <= wanted.span.start && wanted.span.end <= block.end
  );
}

const NO_OTHER =
  'the call of that statement overlaps with no other: a schedule needs a `race`, or a call that `until` suspends while another runs';

const NONE =
  'no calls overlap: a schedule needs a `race`, or a call that `until` suspends while another runs';

/**
 * The schedule of a text without errors.
 * @param name Name of the scenario in the figure.
 */
export function drawSchedule(analysis: Analysis, name: string, options: ScheduleOptions = {}): FoundSchedule {
  const { title, step = null, witness = null, lines = true } = options;
  const { text } = analysis.document;
  const programs = analysis.programs.filter(
    (program) => (title === undefined || program.title === title) && isIn(program, step, analysis),
  );
  for (const program of programs) {
    const isRace = hasRace(program);
    if (witness !== null && !isRace) continue;
    const found = isRace ? ofRace(text, program, witness) : ofTold(text, program, step, analysis);
    if (typeof found === 'string') return { problem: found };
    if (found === null) continue;
    const { line, order, shows, trace, start, vmId } = found;
    const facts = [
      name,
      ...(program.title === null ? [] : [`"${program.title}"`]),
      ...(lines ? [`line ${line}`] : []),
      ...vmFacts({ after: start, vmId }),
      ...(order === null ? [] : [`order ${order}`]),
    ];
    return { schedule: buildSchedule(trace, { facts, shows }), scenario: program.title, line, order };
  }
  if (witness !== null) return { problem: 'there is no `race`, so there are no orders with a number' };
  return { problem: step === null ? NONE : NO_OTHER };
}

/** Why a schedule cannot be drawn; null if it can. As JSON it has no limit. */
export function tooWide({ tasks }: Schedule): string | null {
  if (tasks.length <= MOST_TASKS) return null;
  return `the schedule has ${counted(tasks.length, 'task')}, and a drawing at most ${MOST_TASKS}: \`--format json\` has all of them`;
}
