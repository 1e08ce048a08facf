/** `gmemscope/memoryMap`: the memory map of the current moment, also on a branch or in the middle of a call. */
import { DEFAULT_WIDTH, type FigureSource, type MemoryMap, memoryMapOf, sourceOfState } from '../../figures';
import { aroundAt } from '../../outcome';
import { elementAt, eventsOf, hasReturned, isUnderWay, stateOf } from '../../simulator';
import { optionalCount } from '../arguments';
import { indexInTrunk, trunkOf } from '../branch';
import { type Handler, scenarioOf } from '../context';
import { happeningOf } from '../evaluation-context';
import { stepCount } from '../listings';
import { framesOf, type Moment, vmIdAt } from '../moment';
import { type DebuggedScenario, labelAt } from '../scenario';
import { uriOf } from '../source-path';

export interface MemoryMapBody {
  readonly map: MemoryMap;
  readonly uri: string;
  /** Line of the statement whose changes are shown, from 1; null before the first statement. */
  readonly line: number | null;
  /** `after statement 10 of 12`, `in statement 10 of 12, before step 3 of 9 of kvm_gmem_punch_hole`. */
  readonly where: string;
  readonly branch: boolean;
  /** The current tick and the number of reachable ticks, for `gmemscope/goTo`. */
  readonly tick: number;
  readonly ticks: number;
  /** Ticks at which the previous and next statements begin; null if not reached or nonexistent. */
  readonly previousStatement: number | null;
  readonly nextStatement: number | null;
}

type Latest = Pick<FigureSource, 'call' | 'events' | 'before' | 'after' | 'vmId'>;

/** Statements of a branch follow those of its parent run. */
interface Done {
  readonly scenario: DebuggedScenario;
  readonly index: number;
  readonly moment: Moment;
}

/**
 * The statement whose changes a moment shows: the current one, or the last that returned; null at the start. Before
 * the first statement of a branch, it is the one shown where the branch starts.
 */
function shownAt(scenario: DebuggedScenario, moment: Moment): Done | null {
  const { run, last, statement } = moment;
  if (run !== null) return { scenario, index: statement, moment };
  if (statement > 0 && last !== null) return { scenario, index: statement - 1, moment: last };
  const { branch } = scenario;
  return branch === null ? null : shownAt(branch.parent, branch.from);
}

function nameOf({ scenario, index }: Done): string {
  const own = indexInTrunk(scenario, index);
  if (own === null) return 'the typed statement';
  return `statement ${own + 1} of ${trunkOf(scenario).program.statements.length}`;
}

function whereText(scenario: DebuggedScenario, shown: Done | null): string {
  const branch = scenario.branch === null ? '' : ', on a what-if branch';
  if (shown === null) return `before the first of ${scenario.program.statements.length} statements${branch}`;
  if (hasReturned(shown.moment)) return `after ${nameOf(shown)}${branch}`;
  const frame = framesOf(shown.moment).at(-1);
  const step =
    frame === undefined
      ? ''
      : `, before step ${frame.step + 1} of ${stepCount(scenario.program.setup, frame.procedure)} of ${frame.procedure}`;
  return `in ${nameOf(shown)}${step}${branch}`;
}

function sourceOf(shown: Done | null, moment: Moment): FigureSource {
  if (shown === null) return sourceOfState(stateOf(moment), vmIdAt(moment));
  const { scenario, index, moment: of } = shown;
  const { call, expected } = elementAt(scenario.program.statements, index);
  const { name, location } = labelAt(scenario, index);
  return {
    statement: name,
    facts: [`line ${location.line}`],
    call,
    expected,
    events: eventsOf(of),
    ...aroundAt(of),
    finished: hasReturned(of),
  };
}

/** The step that led to a moment in the middle of a call; null at other moments. */
function latestAt({ timeline }: DebuggedScenario, moment: Moment, shown: Done | null): Latest | null {
  if (shown === null || moment.tick === 0 || !isUnderWay(moment)) return null;
  const from = timeline.at(moment.tick - 1);
  const { call } = elementAt(shown.scenario.program.statements, shown.index);
  return { call, ...happeningOf(from, moment), vmId: aroundAt(moment).vmId };
}

/** The ticks before and after a tick at which statements begin. */
function around(starts: readonly number[], tick: number) {
  return {
    previousStatement: starts.findLast((start) => start < tick) ?? null,
    nextStatement: starts.find((start) => start > tick) ?? null,
  };
}

function lineOf({ scenario, index }: Done): number {
  return labelAt(scenario, index).location.line;
}

/** `width` is the width of the drawing in CSS pixels. */
export const memoryMap: Handler = (context, args) => {
  const width = optionalCount(args, 'width') ?? DEFAULT_WIDTH;
  const scenario = scenarioOf(context);
  const moment = scenario.timeline.current;
  const shown = shownAt(scenario, moment);
  const { lastTick, statementTicks, current } = trunkOf(scenario).timeline;
  const body: MemoryMapBody = {
    map: memoryMapOf(sourceOf(shown, moment), width, latestAt(scenario, moment, shown)),
    uri: uriOf(scenario.path),
    line: shown === null ? null : context.edits.lineShown(scenario, lineOf(shown)),
    where: whereText(scenario, shown),
    branch: scenario.branch !== null,
    tick: current.tick,
    ticks: lastTick + 1,
    ...around(statementTicks, current.tick),
  };
  return { body };
};
