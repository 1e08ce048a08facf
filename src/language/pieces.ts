/**
 * Long work in pieces: it yields after each piece, so that the caller can do other work in between, or cancel it.
 */
export type Pieces<T> = Generator<void, T>;

/** Does all of the work that is left, whatever it yields in between. */
export function finish<T>(work: Generator<unknown, T>): T {
  let next = work.next();
  while (next.done !== true) next = work.next();
  return next.value;
}
