import {
  type Behind,
  behindInSteps,
  type ExploredRace,
  exploreRace,
  hasRace,
  type OutcomeTable,
  outcomesOf,
  type RaceProgram,
  type SearchProgress,
  type Verdict,
  verdictsOf,
} from '../../outcome';
import {
  type BackgroundRun,
  type Budget,
  giveTurn,
  isOver,
  isSliceOver,
  type Meter,
} from '../background-run/background-run';
import { isSameSearch } from '../background-run/unchanged';
import { once } from '../once';

/**
 * Tries the orders of the races of a text while the user types, in slices, within a budget. The search of a race goes on
 * in the next version of the text if that makes the same calls.
 */

/** The search of a race. Versions of a text share it. */
interface Search {
  readonly program: RaceProgram;
  readonly steps: Generator<SearchProgress | null, ExploredRace>;
  progress: SearchProgress | null;
  explored: ExploredRace | null;
  failed: boolean;
}

/** What the orders of a race do. */
export interface RaceResult {
  readonly explored: ExploredRace;
  /** In the order of the text; those that are implied only if they do not hold. */
  readonly verdicts: readonly Verdict[];
  readonly table: () => OutcomeTable;
}

/** The race of one scenario. */
export interface Exploration {
  readonly program: RaceProgram;
  /** Null until there is one. */
  readonly result: RaceResult | null;
  /** How far the search has come; null before it. */
  readonly progress: SearchProgress | null;
  /** Why there is no result; null if there is one, or if there will be. */
  readonly stopped: 'errors' | 'budget' | 'cancelled' | 'failed' | null;
  /** What the simulator reported if it failed. */
  readonly failure: string | null;
}

export interface Explorations {
  /** One for each scenario that has a race, in the order of the text. */
  readonly races: readonly Exploration[];
  readonly finished: Promise<void>;
  /** Those that a later version can go on with. */
  readonly searches: readonly Search[];
}

interface Exploring extends Exploration {
  readonly search: Search;
  result: RaceResult | null;
  stopped: Exploration['stopped'];
  failure: string | null;
}

/** Number of searches of earlier versions that are kept besides those of this one. */
const MOST_KEPT = 2;

function begin(program: RaceProgram, search: Search): Exploring {
  return {
    program,
    search,
    get progress() {
      return search.progress;
    },
    result: null,
    stopped: program.errors.length > 0 ? 'errors' : null,
    failure: null,
  };
}

function resultOf(text: string, explored: ExploredRace, behind: ReadonlyMap<number, Behind>): RaceResult {
  return {
    explored,
    verdicts: verdictsOf(explored, behind),
    table: once(() => outcomesOf(text, explored, behind)),
  };
}

/** Yields between pieces of work. */
function* explore(text: string, exploring: Exploring): Generator<unknown> {
  const { search, program } = exploring;
  while (search.explored === null) {
    const next = search.steps.next();
    if (next.done === true) search.explored = next.value;
    else if (next.value !== null) search.progress = next.value;
    yield;
  }
  // The search may be that of another version or scenario, with other expectations and statements behind the race.
  const explored = { ...search.explored, program };
  exploring.result = resultOf(text, explored, yield* behindInSteps(explored));
}

async function drive(
  text: string,
  exploring: Exploring,
  meter: Meter,
  isCancelled: () => boolean,
  budget: Budget,
): Promise<void> {
  try {
    for (const _ of explore(text, exploring)) {
      if (!isSliceOver(meter, budget)) continue;
      if (!(await giveTurn(meter, isCancelled))) {
        exploring.stopped = 'cancelled';
        return;
      }
      if (meter.worked >= budget.total) {
        exploring.stopped = 'budget';
        return;
      }
    }
  } catch (error) {
    exploring.search.failed = true;
    exploring.stopped = 'failed';
    exploring.failure = error instanceof Error ? error.message : String(error);
  }
}

async function driveAll(
  text: string,
  all: readonly Exploring[],
  backgroundRun: BackgroundRun,
  isCancelled: () => boolean,
  budget: Budget,
): Promise<void> {
  // Refusals and failed expectations of the statements come first: a search may take longer.
  if (!isOver(backgroundRun)) await backgroundRun.finished;
  const meter: Meter = { worked: 0, sliceStart: Date.now(), steps: 0, size: 0 };
  for (const exploring of all) {
    if (exploring.stopped !== null) continue;
    if (isCancelled()) exploring.stopped = 'cancelled';
    else await drive(text, exploring, meter, isCancelled, budget);
  }
}

/**
 * Starts to explore the races of a text; if its background run is over, the first slice runs before this returns.
 * @param earlier What was explored of the previous version of the text.
 */
export function exploreInBackground(
  text: string,
  backgroundRun: BackgroundRun,
  isCancelled: () => boolean,
  budget: Budget,
  earlier: Explorations | undefined,
): Explorations {
  const programs = backgroundRun.runs.map(({ program }) => program).filter(hasRace);
  const before = (earlier?.searches ?? []).filter(({ failed }) => !failed);
  const own: Search[] = [];
  const races = programs.map((program) => {
    const known = [...own, ...before].find((search) => isSameSearch(search.program, program));
    const search = known ?? {
      program,
      steps: exploreRace(program, { maxStates: budget.states }),
      progress: null,
      explored: null,
      failed: false,
    };
    if (!own.includes(search)) own.push(search);
    return begin(program, search);
  });
  const others = before.filter((search) => !own.includes(search)).slice(0, MOST_KEPT);
  return {
    races,
    finished: driveAll(text, races, backgroundRun, isCancelled, budget),
    searches: [...own, ...others],
  };
}

/** Whether each race has a result, or never will. */
export function isExplored({ races }: Explorations): boolean {
  return races.every(({ result, stopped }) => result !== null || stopped !== null);
}
