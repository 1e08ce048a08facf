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
import { hex } from './notation';
import { type Part, remark } from './part';
import { suspensionPhrase } from './suspension';

type Events = EventsFor<'text', 'result'>;

/** Removes the backquotes of Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}

/** The phrase for a call that never ends, with the reason if that is the RMP. */
function livelockPhrase(events: Events): string {
  const fault = events.findLast((event) => event.type === 'fault');
  const code = fault?.errorCode ?? 0n;
  if (fault === undefined || (code & PFERR_GUEST_RMP) === 0n) return 'livelock: KVM would retry forever';
  const level = (code & PFERR_GUEST_VMPL) === 0n ? '' : ' at its VMPL';
  return `livelock: KVM would retry forever, because the RMP denies the guest gfn ${hex(pageOf(fault.gpa))}${level}`;
}

function failurePhrase(call: Call, events: Events, result: string): string {
  const left = events.findLast((event) => event.type === 'return')?.left ?? 0n;
  const rest = left > 0n && left !== ('size' in call ? call.size : 0n) ? `, ${hex(left)} bytes left` : '';
  const refused = events.findLast((event) => event.type === 'refused');
  return refused?.errno === result ? plain(explainRefusal(call, result, refused)) : `${result}${rest}`;
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
    return [remark(suspensionPhrase(suspended, after), { expectation, verdict })];
  }
  if (result === 'ok' || result === 'oops') return [];
  if (result === 'livelock') return [remark(livelockPhrase(events), { expectation, verdict: 'LIVELOCK' })];
  return [remark(failurePhrase(call, events, result), { expectation })];
}
