/** Node, browsers and workers all have it; no type library of theirs is loaded in this layer. */
declare function setTimeout(callback: () => void, milliseconds: number): unknown;

/** Runs `work` after messages that wait have been handled. */
export function later(work: () => void): void {
  setTimeout(work, 0);
}
