/** Describes stale mappings and leaks, which only historical kernels and knobs leave behind. */
import {
  entryAt,
  type FaultCall,
  freedAssigned,
  isPrivate,
  mappedAt,
  pageOf,
  type StaleRange,
  staleMappings,
  validRoot,
} from '../../simulator';
import { type Around, vmAtEnd, vmBefore } from '../affected-vm';
import { newlyStale } from '../expectations/expectations';
import { gfnText, hex, rangeText } from './notation';
import { type Part, remark } from './part';

/** Why the mapping of a gfn is stale; undefined if it is not, or if there is none. */
export function staleAt(gfn: number, { after, vmId }: Around): StaleRange['why'] | undefined {
  return staleMappings(after, vmId).find(({ start, end }) => gfn >= start && gfn < end)?.why;
}

const MAPPED_STILL = {
  'no-slot': ', to a page that is gone',
  'other-page': ', to a page that is gone',
  'wrong-page': ', to another page of the file',
  poisoned: ', to a page that is poisoned',
  'is-private': ', as shared memory, though it is private',
  'is-shared': ', as private memory, though it is shared',
} as const satisfies Record<StaleRange['why'], string>;

/** How the guest accessed memory without a fault. */
export function accessText(call: FaultCall, around: Around): string {
  const gfn = pageOf(call.gpa);
  const why = staleAt(gfn, around);
  const suspended = why === undefined ? '' : MAPPED_STILL[why];
  const unreadable = isReadWithoutKey(call, gfn, around)
    ? ', to a private page: the guest reads ciphertext'
    : '';
  return `gfn ${hex(gfn)} is mapped${suspended}${unreadable}`;
}

/** Whether a guest reads an assigned page as shared memory, which the RMP does not prevent. */
function isReadWithoutKey({ vcpu, access, private: said }: FaultCall, gfn: number, around: Around): boolean {
  const vm = vmAtEnd(around);
  if (vm.type !== 'sev-snp' || access !== 'read' || (said ?? isPrivate(vm, gfn))) return false;
  const root = validRoot(vm, vcpu);
  const leaf = root === undefined ? undefined : mappedAt(root, gfn);
  return leaf !== undefined && leaf.frame !== 'zero' && entryAt(around.after.rmp, gfn + leaf.frame).assigned;
}

const STALE = {
  'no-slot': 'which no slot has',
  'other-page': 'to pages that are gone',
  'wrong-page': 'to other pages of the file',
  poisoned: 'to pages that are poisoned',
  'is-private': 'as shared memory, though it is private',
  'is-shared': 'as private memory, though it is shared',
} as const satisfies Record<StaleRange['why'], string>;

/** Mappings that this call should have zapped, and an invalidation that it should have ended. */
export function leftBehindParts(around: Around): readonly Part[] {
  const stale = newlyStale(around).map(({ why, start, end }) =>
    remark(`STALE ${gfnText({ start, end })}: still mapped, ${STALE[why]}`, {
      expectation: { stale: [{ start, end }] },
      verdict: 'STALE',
    }),
  );
  const { inProgress } = vmAtEnd(around).mmu;
  const leaked = inProgress > vmBefore(around).mmu.inProgress;
  return [
    ...stale,
    ...(leaked
      ? [remark(`LEAK: mmu_invalidate_in_progress stays at ${inProgress}`, { verdict: 'LEAK' })]
      : []),
    ...stillAssigned(around),
  ];
}

/** Freed pages that are still assigned in the RMP: their next user cannot write to them. */
function stillAssigned({ before, after }: Around): readonly Part[] {
  if (before.files === after.files) return [];
  const known = freedAssigned(before);
  const freed = freedAssigned(after).filter(
    ({ start, end }) => !known.some((range) => range.start <= start && range.end >= end),
  );
  const text = `FREED, and still assigned in the RMP: pfn ${freed.map(rangeText).join(', ')}`;
  return freed.length === 0 ? [] : [remark(text, { verdict: 'FREED' })];
}
