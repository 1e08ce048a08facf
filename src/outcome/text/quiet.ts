/** Texts for calls that cause no events to report. */
import { type Call, type GmemFile, pageOf, type State } from '../../simulator';
import type { Around } from '../affected-vm';
import type { PartJson } from '../json/told';
import { accessRecord, accessText, staleAccess } from './left-behind';
import { filePagesText } from './notation';
import { type Part, remark, type Verdict } from './part';

const LEAKED = 'not the last reference: KVM leaked one, and the file stays';

/** The file whose descriptor a call has closed. */
function closedFile(call: Call, { files }: State): GmemFile | undefined {
  return call.kind === 'close' ? files.findLast(({ name }) => name === call.name) : undefined;
}

/** Whether the file of a closed descriptor stays, because KVM leaked a reference to it. */
function isLeaked(call: Call, after: State): boolean {
  return closedFile(call, after)?.leaked === true;
}

function closedPhrase(call: Extract<Call, { kind: 'close' }>, after: State): string {
  if (isLeaked(call, after)) return LEAKED;
  const isInUse = closedFile(call, after)?.open === true;
  return isInUse ? `not the last reference: ${call.name} stays` : `${call.name} had no pages`;
}

function quietPhrase(call: Call, around: Around): string {
  switch (call.kind) {
    case 'gmem':
      return `${call.name}: ${filePagesText([{ start: 0, end: pageOf(call.size) }])}`;
    case 'punch':
      return 'no page to free, no mapping to zap';
    case 'allocate':
      return 'all pages were already allocated';
    case 'convert':
      return 'no attribute changed';
    case 'fault':
      return `no fault: ${accessText(call, around)}`;
    case 'prefault':
      return 'the range was already mapped';
    case 'close':
      return closedPhrase(call, around.after);
    case 'host':
      return 'the page was already present';
    default:
      return 'ok';
  }
}

/** Faults of a kernel that are not in the events: a leaked reference, or an access through a stale mapping. */
export function quietVerdict(call: Call, result: string, around: Around): Verdict | null {
  if (isLeaked(call, around.after)) return 'LEAK';
  const isAccess = call.kind === 'fault' && result === 'ok';
  return isAccess && staleAccess(call, around) !== undefined ? 'STALE' : null;
}

function quietJson(call: Call, around: Around): PartJson {
  if (call.kind === 'fault') return { adds: { access: accessRecord(call, around) } };
  if (call.kind === 'close' && isLeaked(call, around.after)) return { adds: { fileLeaked: call.name } };
  return { none: 'nothing happened, and the keys of other outcomes are left out' };
}

export function quietPart(call: Call, result: string, around: Around): Part {
  return remark(quietPhrase(call, around), quietJson(call, around), {
    verdict: quietVerdict(call, result, around),
  });
}
