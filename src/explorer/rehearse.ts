/**
 * Runs some orders from start to end before a search, so that it knows from the beginning most of what steps read and
 * touch. What it does not know, it learns later, and has to begin anew.
 */
import type { Steps } from './steps';

/** Orders in a row that teach nothing before it is enough. */
const QUIET = 12;

/** The most orders, the most steps of an order, and the most different steps: more would be a search of its own. */
const MOST_ORDERS = 400;
const MOST_STEPS = 20_000;
const MOST_RAN = 20_000;

/** A generator of numbers in [0, 1) that are always the same (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs tasks in turns of random lengths until all are done. */
function runOnce(steps: Steps, random: () => number): void {
  const row = steps.start();
  const tasks = [...steps.race.tasks.keys()];
  let current = Math.floor(random() * tasks.length);
  let left = Math.floor(random() * 60);
  for (let count = 0; count < MOST_STEPS && steps.ran <= MOST_RAN && !steps.isFull; count++) {
    const able = tasks.filter((task) => {
      const next = steps.next(row, task);
      return next?.kind === 'step' && (count === 0 || !steps.isDone(row, task));
    });
    if (able.length === 0) return;
    if (left-- <= 0 || !able.includes(current)) {
      current = able[Math.floor(random() * able.length)] as number;
      left = Math.floor(random() ** 3 * 60);
    }
    const next = steps.next(row, current);
    if (next?.kind !== 'step') return;
    steps.apply(row, next);
  }
}

/** Yields after each order. */
export function* rehearse(steps: Steps): Generator<void> {
  const random = numbers(1);
  let quiet = 0;
  for (let order = 0; order < MOST_ORDERS && quiet < QUIET; order++) {
    if (steps.ran > MOST_RAN || steps.isFull) break;
    const before = steps.footprints.version;
    runOnce(steps, random);
    quiet = steps.footprints.version === before ? quiet + 1 : 0;
    yield;
  }
  steps.footprints.hasContradiction();
  steps.forget();
}
