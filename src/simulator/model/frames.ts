/** Host page frames. They are allocated in order and never reused, so stale mappings can be recognised. */
import type { Extent, Range } from '../ranges';
import type { State } from '../state';
import { roundUp } from '../units';

/** The frames that `takeFrames` allocates next. */
export function nextFrames({ next }: State, pages: number, huge: boolean): Range {
  const start = huge ? roundUp(next.frame, 2) : next.frame;
  return { start, end: start + pages };
}

/** Allocates `pages` consecutive frames, on a 2 MiB boundary if `huge`. Returns the first pfn. */
export function takeFrames(state: State, pages: number, huge = false): { state: State; pfn: number } {
  const { start: pfn, end: frame } = nextFrames(state, pages, huge);
  return { state: { ...state, next: { ...state.next, frame } }, pfn };
}

/** The pfns of pages whose value is their pfn minus their index. */
export function pfnsOf({ start, end, value }: Extent<{ readonly frame: number }>): Range {
  return { start: start + value.frame, end: end + value.frame };
}
