/** Host page frames. They are handed out in order and never twice, so a stale mapping can be told. */
import type { Range } from '../ranges';
import type { State } from '../state';
import { roundUp } from '../units';

/** The frames that `takeFrames` will take. */
export function nextFrames({ next }: State, pages: number, huge: boolean): Range {
  const start = huge ? roundUp(next.frame, 2) : next.frame;
  return { start, end: start + pages };
}

/** Takes `pages` consecutive frames; `huge` ones start on a 2 MiB boundary. Returns the first pfn. */
export function takeFrames(state: State, pages: number, huge = false): { state: State; pfn: number } {
  const { start: pfn, end: frame } = nextFrames(state, pages, huge);
  return { state: { ...state, next: { ...state.next, frame } }, pfn };
}
