/** What a step, a lock or a check of the kernel is for: what breaks in a race without it. */
import type { SearchProgress } from '../../explorer';
import { kernelOf, type LockKind } from '../../simulator';
import { type ExploredRace, type ExploreOptions, exploreRace } from './explore';
import { outcomesOf } from './outcomes';
import { behindRace, type Verdict, verdictsOf } from './verdicts';

/** A step of the kernel that some order of a race runs. */
export interface ReachedStep {
  readonly procedure: string;
  readonly label: string;
  /** What it does, in one line. */
  readonly text: string;
}

/** The steps that some order of a race runs, by procedure, in the order of their listings. */
export function reachedSteps({ result, program }: ExploredRace): readonly ReachedStep[] {
  const { procedure } = kernelOf(program.setup);
  const byProcedure = new Map<string, Set<string>>();
  for (const { procedure: name, label } of result.steps.reached()) {
    byProcedure.set(name, (byProcedure.get(name) ?? new Set()).add(label));
  }
  return [...byProcedure].flatMap(([name, labels]) => {
    return procedure(name)
      .steps.filter(({ label }) => labels.has(label))
      .map(({ label, text }) => ({ procedure: name, label, text }));
  });
}

/** The kinds of locks that the calls of a race take. */
export function reachedLocks({ result, program }: ExploredRace): readonly LockKind[] {
  const { procedure } = kernelOf(program.setup);
  const kinds = result.steps.reached().flatMap(({ procedure: name, label }) => {
    const { takes } = procedure(name).steps.find((step) => step.label === label) ?? {};
    return takes === undefined ? [] : [takes.kind];
  });
  return [...new Set(kinds)];
}

/** What becomes of a race without a step. */
export interface WithoutStep {
  /** The step's label, or the kind of lock. */
  readonly left: string;
  /**
   * `broken`: something goes wrong, or an expectation does not hold. `other-outcomes`: nothing goes wrong, but the
   * outcomes differ. `same`: nobody notices. `undecided`: not every order was tried.
   */
  readonly effect: 'broken' | 'other-outcomes' | 'same' | 'undecided';
  readonly detail: string;
  /** Moves of the shortest order that shows it; null if there is none. */
  readonly moves: number | null;
}

/** What is reported first: what the simulator itself finds inconsistent explains the rest. */
function rank({ what }: Verdict): number {
  return what === 'error' ? 0 : 1;
}

/** Identifies what is expected. */
function keyOf({ quantifier, what, span }: Verdict): string {
  return `${span.start} ${quantifier} ${what}`;
}

/** States that a race without a step may need, if it takes as many with it. */
function mostStates({ result }: ExploredRace): number {
  return 20 * result.states + 5000;
}

/** What a race does, to compare it with what it does without a step. */
export interface DescribedRace {
  readonly explored: ExploredRace;
  /** What goes wrong, and the expectations that do not hold. */
  readonly wrong: readonly Verdict[];
  /** Identifies the outcomes. */
  readonly outcomes: string;
}

/** @param text The text from which the program was compiled. */
export function describedRace(text: string, explored: ExploredRace): DescribedRace {
  const behind = behindRace(explored);
  const { columns, outcomes } = outcomesOf(text, explored, behind);
  return {
    explored,
    wrong: verdictsOf(explored, behind).filter(({ holds }) => holds === false),
    outcomes: JSON.stringify([
      columns.map(({ title }) => title),
      outcomes.map(({ values }) => values.join('\n')).toSorted(),
    ]),
  };
}

/**
 * Explores a race without a step or a kind of lock.
 * @param whole The race with the whole kernel.
 */
export function* exploreWithout(
  text: string,
  whole: DescribedRace,
  left: string,
  options: Omit<ExploreOptions, 'without'> = {},
): Generator<SearchProgress | null, WithoutStep> {
  const most = mostStates(whole.explored);
  const maxStates = Math.min(options.maxStates ?? most, most);
  const explored = yield* exploreRace(whole.explored.program, { ...options, maxStates, without: [left] });
  const { result } = explored;
  const { wrong, outcomes } = describedRace(text, explored);
  const known = new Set(whole.wrong.map(keyOf));
  const [first] = wrong
    // What goes wrong in any case says nothing about the step.
    .filter((verdict) => !known.has(keyOf(verdict)))
    .map((verdict) => {
      const { place } = verdict;
      const moves = place === null ? null : result.wayTo(place.node).length + (place.task === null ? 0 : 1);
      return { verdict, moves };
    })
    // A task that the simulator cannot run leaves its locks behind, which is not the point.
    .toSorted((a, b) => rank(a.verdict) - rank(b.verdict) || (a.moves ?? Infinity) - (b.moves ?? Infinity));
  if (first !== undefined) {
    const { quantifier, what, vacuous } = first.verdict;
    const detail = vacuous ?? first.verdict.detail ?? `\`${quantifier} ${what}\` holds in no order`;
    return { left, effect: 'broken', detail, moves: first.moves };
  }
  if (!result.complete)
    return { left, effect: 'undecided', detail: 'not every order was tried', moves: null };
  return outcomes === whole.outcomes
    ? { left, effect: 'same', detail: 'nothing changes', moves: null }
    : { left, effect: 'other-outcomes', detail: 'other outcomes, none of them wrong', moves: null };
}
