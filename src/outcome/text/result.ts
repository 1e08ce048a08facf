/** Texts for calls that fail, never end, or are suspended. */
import { explainRefusal } from '../../language';
import {
  type Call,
  PFERR_GUEST_RMP,
  PFERR_GUEST_VMPL,
  pageOf,
  type State,
  type SuspendedEvent,
} from '../../simulator';
import type { EventsFor } from '../events/routes';
import { lockRecord } from '../json/ranges';
import type { PartJson, Told } from '../json/told';
import { hex } from './notation';
import { type Part, remark } from './part';
import { suspensionPhrase } from './suspension';

type Events = EventsFor<'text', 'result'>;

/** Removes the backquotes of Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}

/** What the RMP denies the guest, if that is why a call never ends. */
function deniedBy(events: Events): Told['denied'] {
  const fault = events.findLast((event) => event.type === 'fault');
  const code = fault?.errorCode ?? 0n;
  if (fault === undefined || (code & PFERR_GUEST_RMP) === 0n) return undefined;
  return { gfn: hex(pageOf(fault.gpa)), vmpl: (code & PFERR_GUEST_VMPL) !== 0n };
}

/** How much of a range a call left undone; empty if nothing. */
function restPhrase(events: Events): string {
  const left = events.findLast((event) => event.type === 'return')?.left ?? 0n;
  return left > 0n ? `, ${hex(left)} bytes left` : '';
}

/** The part for a call that never ends, with the reason if that is the RMP. */
function livelockPart(events: Events): Part {
  const denied = deniedBy(events);
  const options = { expectation: { result: 'livelock' }, verdict: 'LIVELOCK' } as const;
  if (denied === undefined) {
    return remark(`livelock: KVM would retry forever${restPhrase(events)}`, { has: 'result' }, options);
  }
  const { gfn, vmpl } = denied;
  const text = `livelock: KVM would retry forever, because the RMP denies the guest gfn ${gfn}${vmpl ? ' at its VMPL' : ''}`;
  return remark(text, { adds: { denied } }, options);
}

/** The locks that a blocked call, or each call of a deadlock, waits for. */
function suspensionJson(suspended: SuspendedEvent, state: State): PartJson {
  if (suspended.why !== 'deadlock' && suspended.why !== 'blocked') return { has: 'result' };
  const waiters =
    suspended.why === 'blocked'
      ? [{ title: null, lock: suspended.lock }]
      : suspended.cycle.map((waiter) => waiter);
  return {
    adds: { waitsFor: waiters.map(({ title, lock }) => ({ call: title, lock: lockRecord(lock, state) })) },
  };
}

function failurePhrase(call: Call, events: Events, result: string): string {
  const refused = events.findLast((event) => event.type === 'refused');
  return refused?.errno === result
    ? plain(explainRefusal(call, result, refused))
    : `${result}${restPhrase(events)}`;
}

/** Why KVM refused; the errno is the result. */
function refusalJson(events: Events, result: string): PartJson {
  const refused = events.findLast((event) => event.type === 'refused');
  if (refused?.errno !== result) return { has: 'result' };
  const { reason, otherSlot } = refused;
  return { adds: { refused: { reason, ...(otherSlot === undefined ? {} : { slot: otherSlot }) } } };
}

interface Ending {
  readonly call: Call;
  readonly result: string;
  readonly suspended: SuspendedEvent | null;
  readonly after: State;
}

/** Empty if the call succeeds, or if another part says more. */
export function resultParts(events: Events, { call, result, suspended, after }: Ending): readonly Part[] {
  const expectation = { result };
  if (suspended !== null) {
    const verdict = suspended.why === 'deadlock' ? 'DEADLOCK' : null;
    const json = suspensionJson(suspended, after);
    return [remark(suspensionPhrase(suspended, after), json, { expectation, verdict })];
  }
  if (result === 'ok' || result === 'oops') return [];
  if (result === 'livelock') return [livelockPart(events)];
  return [remark(failurePhrase(call, events, result), refusalJson(events, result), { expectation })];
}
