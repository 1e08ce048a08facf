/** How a call ends, or why it is suspended: as an expectation has it. */
import type { Event } from '../../simulator';
import { suspensionOf, suspensionResult } from '../text/suspension';

/**
 * Result as the scenario sees it: `ok`, an errno, `livelock`, or `oops` where the kernel itself stopped; and of a call
 * that is suspended, how it is.
 */
export function resultOf(events: readonly Event[]): string {
  const suspended = suspensionOf(events);
  if (suspended !== null) return suspensionResult(suspended);
  if (events.some((event) => event.type === 'oops')) return 'oops';
  if (events.some((event) => event.type === 'livelock')) return 'livelock';
  return events.findLast((event) => event.type === 'return')?.result ?? 'ok';
}
