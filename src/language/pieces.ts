/**
 * Work in pieces that takes some time as a whole: it yields after each piece, so that whoever drives it can do other things
 * in between, or give up.
 */
export type Pieces<T> = Generator<void, T>;

/** Does all of the work that is left. */
export function finish<T>(work: Pieces<T>): T {
  let next = work.next();
  while (next.done !== true) next = work.next();
  return next.value;
}
