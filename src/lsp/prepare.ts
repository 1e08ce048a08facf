import { finish, type Pieces } from '../language';

/** Work that is done in slices, so that other documents get their turns, or at once where somebody cannot wait. */

export interface Prepared<T> {
  /** Does at once what is left of the work. */
  readonly now: () => T;
  /** Over when the work is done, or not wanted any more. The first slice has been done when this returns. */
  readonly ready: () => Promise<void>;
}

/** Milliseconds after which other work can run. */
const SLICE = 10;

/** Number of pieces of work between two checks of the clock. */
const PIECES = 20;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** @param isOutdated Whether the work is not wanted any more. */
export function prepare<T>(begin: () => Pieces<T>, isOutdated: () => boolean): Prepared<T> {
  let work: Pieces<T> | null = null;
  let result: { readonly value: T } | null = null;
  let ready: Promise<void> | null = null;
  const begun = () => {
    work ??= begin();
    return work;
  };
  /** Works until the slice is over. */
  const slice = () => {
    const start = Date.now();
    do {
      for (let at = 0; at < PIECES && result === null; at++) {
        const next = begun().next();
        if (next.done === true) result = { value: next.value };
      }
    } while (result === null && Date.now() - start < SLICE);
  };
  const inSlices = async () => {
    slice();
    while (result === null) {
      await nextTurn();
      if (isOutdated()) return;
      if (result === null) slice();
    }
  };
  return {
    now: () => {
      result ??= { value: finish(begun()) };
      return result.value;
    },
    ready: () => {
      ready ??= inSlices();
      return ready;
    },
  };
}
