/** The outcome of a statement, for an editor. */
import type { Call, TracedEvent } from '../../simulator';
import type { Around } from '../affected-vm';
import { resultOf } from '../events/result';
import { describe, type Tone } from './describe';
import { hoverOf } from './hover';
import type { Described } from './parts';
import { lossText, type SlotLoss, type SlotOfVm } from './slots';

/** The texts that an editor shows for a statement. */
export interface OutcomeText {
  /** `zapped slot 0 gfn 0x801ff · slot 1 gfn 0x90000..0x90002 · flush`. */
  readonly text: string;
  /** Markdown. */
  readonly hover: string;
  readonly tone: Tone;
  readonly failed: boolean;
  /** The slots that lost mappings, and which. */
  readonly lost: readonly SlotLoss[];
  /** The slot that it created or changed; null if none. */
  readonly made: SlotOfVm | null;
}

/** The phrases of a description in one line. */
export function outcomeLine(phrases: readonly string[]): string {
  return phrases.join(' · ');
}

function slotMade(call: Call, events: readonly TracedEvent[], { vmId }: Around): SlotOfVm | null {
  const isMade = call.kind === 'slot' && resultOf(events) === 'ok';
  return isMade ? { vmId, slot: Number(call.id) } : null;
}

/**
 * Describes what a statement did, completely or so far.
 * @param around The states before and after `events`.
 * @param finished False while the call is running.
 */
export function describeOutcome(
  statement: Described,
  events: readonly TracedEvent[],
  around: Around,
  finished = true,
): OutcomeText {
  const description = describe(statement, events, around, finished);
  const { phrases, tone, failed } = description;
  const lost = description.lost.map(lossText);
  const made = slotMade(statement.call, events, around);
  return { text: outcomeLine(phrases), hover: hoverOf(description, events), tone, failed, lost, made };
}
