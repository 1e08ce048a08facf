/** How a call ends, or why it is suspended: as an expectation has it. */
import type { Event } from '../../simulator';
import { stillOf, stillResult } from '../text/still';

/**
 * Result as the scenario sees it: `ok`, an errno, `livelock`, or `oops` where the kernel itself stopped; and of a call
 * that is suspended, how it is.
 */
export function resultOf(events: readonly Event[]): string {
  const still = stillOf(events);
  if (still !== null) return stillResult(still);
  if (events.some((event) => event.type === 'oops')) return 'oops';
  if (events.some((event) => event.type === 'livelock')) return 'livelock';
  return events.findLast((event) => event.type === 'return')?.result ?? 'ok';
}
