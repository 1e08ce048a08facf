/** Host page frames. They are handed out in order and never twice, so a stale mapping can be told. */
import type { State } from '../state';
import { roundUp } from '../units';

/** Takes `pages` consecutive frames; `huge` ones start on a 2 MiB boundary. Returns the first pfn. */
export function takeFrames(state: State, pages: number, huge = false): { state: State; pfn: number } {
  const pfn = huge ? roundUp(state.next.frame, 2) : state.next.frame;
  return { state: { ...state, next: { ...state.next, frame: pfn + pages } }, pfn };
}
