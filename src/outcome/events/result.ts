/** The result of a call, or why it is suspended, in the form of an expectation. */
import type { Event } from '../../simulator';
import { suspensionOf, suspensionResult } from '../text/suspension';

/**
 * The result: `ok`, an errno, `livelock`, or `oops` if the kernel itself stopped; for a suspended call, the suspension.
 */
export function resultOf(events: readonly Event[]): string {
  const suspended = suspensionOf(events);
  if (suspended !== null) return suspensionResult(suspended);
  if (events.some((event) => event.type === 'oops')) return 'oops';
  if (events.some((event) => event.type === 'livelock')) return 'livelock';
  return events.findLast((event) => event.type === 'return')?.result ?? 'ok';
}
