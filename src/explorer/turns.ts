/** Orders as turns of tasks, and the same with fewer of them. */

/** The tasks whose steps run, one entry for each step. */
export type Movers = readonly number[];

/** Consecutive steps of a task. */
interface Turn {
  readonly task: number;
  readonly count: number;
}

function turnsOf(movers: Movers): readonly Turn[] {
  const turns: { task: number; count: number }[] = [];
  for (const task of movers) {
    const last = turns.at(-1);
    if (last?.task === task) last.count++;
    else turns.push({ task, count: 1 });
  }
  return turns;
}

/** The steps with one turn joined to the previous or the next turn of its task; null if there is none. */
function joined(turns: readonly Turn[], at: number, to: 'previous' | 'next'): Movers | null {
  const turn = turns[at] as Turn;
  const isOwn = ({ task }: Turn) => task === turn.task;
  const target =
    to === 'next'
      ? turns.findIndex((other, index) => index > at && isOwn(other))
      : turns.slice(0, at).findLastIndex(isOwn);
  if (target < 0) return null;
  const merged = turns.map((other, index) =>
    index === target ? { ...other, count: other.count + turn.count } : other,
  );
  return merged.toSpliced(at, 1).flatMap(({ task, count }) => new Array<number>(count).fill(task));
}

/** The steps in an order that is as good, with fewer changes from task to task. */
export function withFewerTurns(movers: Movers, isAsGood: (movers: Movers) => boolean): Movers {
  let best = movers;
  for (let changed = true; changed; ) {
    changed = false;
    const turns = turnsOf(best);
    for (let at = 0; at < turns.length && !changed; at++) {
      for (const to of ['next', 'previous'] as const) {
        const shorter = joined(turns, at, to);
        if (shorter === null || !isAsGood(shorter)) continue;
        best = shorter;
        changed = true;
        break;
      }
    }
  }
  return best;
}
