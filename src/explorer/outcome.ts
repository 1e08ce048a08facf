/** What a call did, as far as its caller sees it. */
import type { TracedEvent } from '../simulator';
import { withoutNames } from './frames';

/** Types of events that the caller of a call sees. */
const SEEN = [
  'return',
  'exit',
  'read',
  'guest-exception',
  'instruction',
  'sigbus',
  'oops',
  'retry',
] as const satisfies readonly TracedEvent['type'][];

export type SeenEvent = Extract<TracedEvent, { readonly type: (typeof SEEN)[number] }>;

/** The events that the caller sees, in order, and the first retry of the call, however often it retried. */
export type Outcome = readonly SeenEvent[];

export const NOTHING: Outcome = [];

function isSeen(event: TracedEvent): event is SeenEvent {
  return (SEEN as readonly string[]).includes(event.type);
}

/** The outcome with the events of another step. @param retries Whether it matters that the call retried. */
export function extended(outcome: Outcome, events: readonly TracedEvent[], retries: boolean): Outcome {
  let found = outcome;
  for (const event of events) {
    if (!isSeen(event)) continue;
    const isNews = event.type !== 'retry' || (retries && !found.some(({ type }) => type === 'retry'));
    if (isNews)
      found = [...found, event.type === 'oops' ? { ...event, text: withoutNames(event.text) } : event];
  }
  return found;
}
