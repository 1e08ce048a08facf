/** Explores the race of a scenario: runs the statements above it, then tries every order of its calls. */
import { type SearchOptions, type SearchProgress, type SearchResult, search } from '../../explorer';
import type { CompiledStatement, Program, Race } from '../../language';
import { firstMoment, initialState, isEnd, type State, stateOf } from '../../simulator';
import { stepStatements } from '../run';

export type { SearchProgress } from '../../explorer';

/** A scenario that has a race. */
export type RaceProgram = Program & { readonly race: Race };

export function hasRace(program: Program): program is RaceProgram {
  return program.race !== null;
}

/** A race whose orders were tried. */
export interface ExploredRace {
  readonly program: RaceProgram;
  readonly result: SearchResult;
  /** The VM on which the calls and the statements behind the race work. */
  readonly vmId: number;
}

/** The state in which the race begins, and its VM. */
interface Start {
  readonly state: State;
  readonly vmId: number;
}

/** Runs the statements above the race. Yields null after each step. */
function* startOf({ setup, statements, race }: RaceProgram): Generator<null, Start> {
  const above = statements.slice(0, race.start);
  let moment = firstMoment<CompiledStatement>(initialState(setup));
  if (above.length > 0 && !isEnd(above, moment)) {
    for (const executed of stepStatements(above, moment)) {
      if (executed === null) yield null;
      else moment = executed.next;
    }
  }
  return { state: stateOf(moment), vmId: moment.vmId };
}

/** Whether a scenario expects of a call of its race that it retries, or that it does not. */
export function expectsRetries({ statements, race }: RaceProgram): boolean {
  return statements
    .slice(race.start, race.end)
    .flatMap(({ expected, quantified }) => [expected, ...quantified.map(({ expectations }) => expectations)])
    .some((expectations) => expectations?.retried !== undefined);
}

/** The name of a call in witnesses: that of its task, with a number if the task makes several. */
export function callName({ name, start, end }: Race['tasks'][number], call: number): string {
  return end - start === 1 ? name : `${name}_${call + 1}`;
}

export interface ExploreOptions extends Omit<SearchOptions, 'retries'> {
  /** Labels of steps and kinds of locks that the kernel leaves out during the race. */
  readonly without?: readonly string[];
}

/**
 * Tries every order of the race. Yields its progress, or null while it runs the statements above.
 * @throws Error if a call of the statements above has not returned where the race begins.
 */
export function* exploreRace(
  program: RaceProgram,
  { without = [], ...options }: ExploreOptions = {},
): Generator<SearchProgress | null, ExploredRace> {
  const { race, statements } = program;
  const { state, vmId } = yield* startOf(program);
  const [running] = state.tasks;
  if (running !== undefined) {
    throw new Error(
      `\`${running.title}\` has not returned where the race begins: let it return above the race`,
    );
  }
  const tasks = race.tasks.map((task) => ({
    name: task.name,
    repeats: task.repeats,
    calls: statements
      .slice(task.start, task.end)
      .map(({ call }, index) => ({ call, title: callName(task, index) })),
  }));
  const result = yield* search(
    { start: without.length === 0 ? state : { ...state, setup: { ...state.setup, without } }, vmId, tasks },
    { ...options, retries: expectsRetries(program) },
  );
  return { program, result, vmId };
}
