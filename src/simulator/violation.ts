import type { Range } from './ranges';

/** An invariant that does not hold in a state. */
export interface Violation {
  readonly rule: string;
  readonly detail: string;
  /** A leaf maps what a fault would not map. */
  readonly stale?: true;
}

/** A range of gfns, pfns or file pages, as details name it. */
export function rangeText({ start, end }: Range): string {
  return `[0x${start.toString(16)}, 0x${end.toString(16)})`;
}
