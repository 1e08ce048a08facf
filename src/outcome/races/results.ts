/** What the calls of a race return in each of its outcomes, in a form that recordings of a real kernel have, too. */
import type { Outcome } from '../json/outcome';
import { outcomeOf } from '../json/record';
import type { ExploredRace } from './explore';

/** What the caller of a call sees of it. */
export type CallResult = Pick<Outcome, 'result' | 'exit' | 'left'>;

/** The results of all calls of a race as text for comparison, in the order of its statements. */
export function resultsText(results: readonly CallResult[]): string {
  return results
    .map(({ result, exit, left }) =>
      [result, ...(exit ? [JSON.stringify(exit)] : []), ...(left === undefined ? [] : [`left ${left}`])].join(
        ' ',
      ),
    )
    .join('; ');
}

/** The distinct results of the calls at the ends of all orders. */
export function exploredResults({ program, result }: ExploredRace): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of result.finals) {
    const row = result.row(node);
    const outcomes = program.race.tasks.flatMap((_, task) => result.steps.progress(row, task).returned);
    found.add(resultsText(outcomes.map((events) => outcomeOf(events))));
  }
  return found;
}
