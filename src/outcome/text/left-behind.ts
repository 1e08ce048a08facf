/** Describes stale mappings and leaks, which only historical kernels and knobs leave behind. */
import {
  afterPendingCalls,
  entryAt,
  type FaultCall,
  isPrivate,
  mappedAt,
  newlyFreedAssigned,
  pageOf,
  type StaleRange,
  type State,
  staleMappings,
  validRoot,
} from '../../simulator';
import { type Around, vmAtEnd, vmBefore } from '../affected-vm';
import { newlyStale } from '../expectations/observed';
import { pagesRecord } from '../json/ranges';
import type { Told } from '../json/told';
import { gfnText, hex, rangeText } from './notation';
import { type Part, remark } from './part';

/** Why the mapping of a gfn is stale; undefined if it is not, or if there is none. */
export function staleAt(gfn: number, { before, after, vmId }: Around): StaleRange['why'] | undefined {
  return staleMappings(after, vmId, before).find(({ start, end }) => gfn >= start && gfn < end)?.why;
}

const MAPPED_STILL = {
  'no-slot': ', though no slot contains it',
  freed: ', to a freed page',
  'not-backing': ', to a page that no longer backs it',
  'wrong-page': ', to another page of the file',
  poisoned: ', to a poisoned page',
  'is-private': ', as shared memory, though it is private',
  'is-shared': ', as private memory, though it is shared',
} as const satisfies Record<StaleRange['why'], string>;

/** How the guest accessed memory without a fault. */
export function accessRecord(call: FaultCall, around: Around): NonNullable<Told['access']> {
  const gfn = pageOf(call.gpa);
  return {
    gfn: hex(gfn),
    stale: staleAt(gfn, around) ?? null,
    ciphertext: isReadWithoutKey(call, gfn, around),
  };
}

export function accessText(call: FaultCall, around: Around): string {
  const { gfn, stale, ciphertext } = accessRecord(call, around);
  const still = stale === null ? '' : MAPPED_STILL[stale];
  const unreadable = ciphertext ? ', to a private page: the guest reads ciphertext' : '';
  return `gfn ${gfn} is mapped${still}${unreadable}`;
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
  'no-slot': 'though no slot contains it',
  freed: 'to pages already freed',
  'not-backing': 'to pages that no longer back it',
  'wrong-page': 'to other pages of the file',
  poisoned: 'to poisoned pages',
  'is-private': 'as shared memory, though it is private',
  'is-shared': 'as private memory, though it is shared',
} as const satisfies Record<StaleRange['why'], string>;

/** Invalidations of the affected VM that no pending call will end. */
function unended(state: State, vmId: number): number {
  return afterPendingCalls(state).vms[vmId]?.mmu.inProgress ?? 0;
}

/** A mapping that a call should have zapped. */
export function staleText({ why, start, end }: StaleRange): string {
  return `${gfnText({ start, end })}: still mapped, ${STALE[why]}`;
}

/** Mappings that this call should have zapped: only historical kernels leave any. */
export function staleParts(around: Around): readonly Part[] {
  return newlyStale(around).map(({ why, start, end }) =>
    remark(
      `STALE ${staleText({ why, start, end })}`,
      { adds: { stale: [{ ...pagesRecord({ start, end }), why }] } },
      { expectation: { stale: [{ start, end }] }, verdict: 'STALE' },
    ),
  );
}

/** An invalidation that a call should have ended, and freed pages that it left assigned: only historical kernels leave any. */
export function leftBehindParts(around: Around): readonly Part[] {
  const { before, after, vmId } = around;
  const { inProgress } = vmAtEnd(around).mmu;
  const leaked = inProgress > vmBefore(around).mmu.inProgress && unended(after, vmId) > unended(before, vmId);
  return [
    ...(leaked
      ? [
          remark(
            `LEAK: mmu_invalidate_in_progress stays at ${inProgress}`,
            { adds: { invalidationsLeft: inProgress } },
            { verdict: 'LEAK' },
          ),
        ]
      : []),
    ...stillAssigned(around),
  ];
}

/** Freed pages that are still assigned in the RMP: their next user cannot write to them. */
function stillAssigned({ before, after }: Around): readonly Part[] {
  if (before.files === after.files) return [];
  const freed = newlyFreedAssigned(before, after);
  const text = `FREED, and still assigned in the RMP: pfn ${freed.map(rangeText).join(', ')}`;
  const records = freed.map(({ start, end }) => ({ pfn: hex(start), pages: end - start }));
  return freed.length === 0 ? [] : [remark(text, { adds: { freedAssigned: records } }, { verdict: 'FREED' })];
}
