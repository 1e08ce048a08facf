/** What is said of a call that leaves no trace in the events. */
import { type Call, pageOf, type State } from '../../simulator';
import type { Around } from '../affected-vm';
import type { PartJson } from '../json/told';
import { accessRecord, accessText, staleAt } from './left-behind';
import { filePagesText } from './notation';
import { type Part, remark, type Verdict } from './part';

const LEAKED = 'not the last reference: KVM leaked one, and the file stays';

/** Whether the file of a closed descriptor stays, since KVM has a reference that it forgot. */
function isLeaked(call: Call, { files }: State): boolean {
  return call.kind === 'close' && files.findLast(({ name }) => name === call.name)?.leaked === true;
}

function quietPhrase(call: Call, around: Around): string {
  switch (call.kind) {
    case 'gmem':
      return `${call.name}: ${filePagesText([{ start: 0, end: pageOf(call.size) }])}`;
    case 'punch':
      return 'nothing mapped, nothing to free';
    case 'allocate':
      return 'all pages were there';
    case 'convert':
      return 'no attribute changed';
    case 'fault':
      return `no fault: ${accessText(call, around)}`;
    case 'prefault':
      return 'all of it was mapped';
    case 'close':
      return isLeaked(call, around.after) ? LEAKED : `${call.name} had no pages`;
    case 'host':
      return 'the page was there';
    default:
      return 'ok';
  }
}

/** What no kernel should do, and leaves no trace in the events: a leaked reference, an access to a page that is gone. */
export function quietVerdict(call: Call, result: string, around: Around): Verdict | null {
  if (isLeaked(call, around.after)) return 'LEAK';
  const isAccess = call.kind === 'fault' && result === 'ok';
  return isAccess && staleAt(pageOf(call.gpa), around) !== undefined ? 'STALE' : null;
}

function quietJson(call: Call, around: Around): PartJson {
  if (call.kind === 'fault') return { adds: { access: accessRecord(call, around) } };
  if (call.kind === 'close' && isLeaked(call, around.after)) return { adds: { fileLeaked: call.name } };
  return { none: 'nothing else happened, and the keys that would say so are left out' };
}

export function quietPart(call: Call, result: string, around: Around): Part {
  return remark(quietPhrase(call, around), quietJson(call, around), {
    verdict: quietVerdict(call, result, around),
  });
}
