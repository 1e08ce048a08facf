/** What a statement did, for the places of an editor. */
import type { Call, TracedEvent } from '../../simulator';
import type { Around } from '../affected-vm';
import { resultOf } from '../events/result';
import { describe, type Tone } from './describe';
import { hoverOf } from './hover';
import type { Described } from './parts';
import { lossText, type SlotLoss, type SlotOfVm } from './slots';

/** What stands behind a line of the editor. */
export interface OutcomeText {
  /** `zapped slot 0 gfn 0x801ff · slot 1 gfn 0x90000..0x90002 · flush`. */
  readonly text: string;
  /** Markdown. */
  readonly hover: string;
  readonly tone: Tone;
  readonly failed: boolean;
  /** For each slot that lost mappings, what it lost. */
  readonly lost: readonly SlotLoss[];
  /** The slot that it made or changed; null where it did to none. */
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
 * Describes what a statement did, wholly or so far. `around` are the states around `events`;
 * `finished` is false while the call is still on its way.
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
