/** Available in Node, browsers and workers; this layer loads no type library that declares it. */
declare function setTimeout(callback: () => void, milliseconds: number): unknown;

/** Runs `work` after pending messages have been handled. */
export function later(work: () => void): void {
  setTimeout(work, 0);
}
