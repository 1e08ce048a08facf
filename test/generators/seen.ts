/** What the caller of a call sees, as texts. */
import type { TracedEvent } from '../../src/simulator';

const SEEN = new Set(['return', 'exit', 'read', 'guest-exception', 'instruction', 'sigbus', 'oops']);

export function isSeen({ type }: TracedEvent): boolean {
  return SEEN.has(type);
}

export function text(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part));
}
