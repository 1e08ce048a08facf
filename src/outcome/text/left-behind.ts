/** Describes stale mappings and leaks, which only historical kernels and knobs leave behind. */
import {
  afterPendingCalls,
  entryAt,
  type FaultCall,
  isPrivate,
  mappedAt,
  newlyFreedAssigned,
  pageOf,
  type RootKind,
  rootKind,
  type StaleRange,
  type State,
  staleMappings,
  validRoot,
} from '../../simulator';
import { type Around, vmAtEnd, vmBefore } from '../affected-vm';
import { newlyStale } from '../expectations/observed';
import { rootPagesRecord } from '../json/ranges';
import type { Told } from '../json/told';
import { hex, rangeText, rootGfnsText } from './notation';
import { type Part, remark } from './part';

/** Whether a guest accesses a gfn as private memory. */
function accessesPrivate({ gpa, private: said }: FaultCall, around: Around): boolean {
  return said ?? isPrivate(vmAtEnd(around), pageOf(gpa));
}

/** The kind of root through which a guest accesses memory, on TDX. */
function rootOfAccess(call: FaultCall, around: Around): RootKind | undefined {
  const vm = vmAtEnd(around);
  return vm.type === 'tdx' ? rootKind(vm, accessesPrivate(call, around)) : undefined;
}

/** Why the mapping that a guest accesses is stale; undefined if it is not, or if there is none. */
export function staleAccess(call: FaultCall, around: Around): StaleRange['why'] | undefined {
  const { before, after, vmId } = around;
  const gfn = pageOf(call.gpa);
  const kind = rootOfAccess(call, around);
  return staleMappings(after, vmId, before).find(
    ({ start, end, root }) => gfn >= start && gfn < end && root === kind,
  )?.why;
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
  const root = rootOfAccess(call, around);
  return {
    gfn: hex(pageOf(call.gpa)),
    ...(root === undefined ? {} : { root }),
    stale: staleAccess(call, around) ?? null,
    ciphertext: isReadWithoutKey(call, around),
  };
}

export function accessText(call: FaultCall, around: Around): string {
  const { gfn, root, stale, ciphertext } = accessRecord(call, around);
  const still = stale === null ? '' : MAPPED_STILL[stale];
  const unreadable = ciphertext ? ', to a private page: the guest reads ciphertext' : '';
  return `${root === undefined ? '' : `${root} `}gfn ${gfn} is mapped${still}${unreadable}`;
}

/** Whether a guest reads an assigned page as shared memory, which the RMP does not prevent. */
function isReadWithoutKey(call: FaultCall, around: Around): boolean {
  const vm = vmAtEnd(around);
  if (vm.type !== 'sev-snp' || call.access !== 'read' || accessesPrivate(call, around)) return false;
  const gfn = pageOf(call.gpa);
  const root = validRoot(vm, call.vcpu);
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
export function staleText({ why, ...gfns }: StaleRange): string {
  return `${rootGfnsText(gfns)}: still mapped, ${STALE[why]}`;
}

/** Mappings that this call should have zapped: only historical kernels leave any. */
export function staleParts(around: Around): readonly Part[] {
  return newlyStale(around).map(({ why, ...gfns }) =>
    remark(
      `STALE ${staleText({ why, ...gfns })}`,
      { adds: { stale: [{ ...rootPagesRecord(gfns), why }] } },
      { expectation: { stale: [gfns] }, verdict: 'STALE' },
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
