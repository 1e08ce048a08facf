/** Members of RMP entries and VMs. */
import {
  asidOf,
  elementAt,
  gfnOf,
  permissionsOf,
  type RmpEntry,
  type State,
  type VmState,
} from '../../simulator';
import { listOf, nothing, numberOf, rangeOf, type Value, vmValue, word, yesNo } from '../value';
import { type MemberTable, member } from './member';

/** The VM that owns a private page. */
function ownerOf(state: State, { assigned, asid }: RmpEntry): VmState | undefined {
  return assigned ? state.vms.find(({ id, type }) => type === 'sev-snp' && asidOf(id) === asid) : undefined;
}

export const RMP_MEMBERS: MemberTable<'rmp-entry'> = [
  member('pfns', 'the host pages it covers', ({ entry }) => rangeOf(entry, 'pfn')),
  member('gfns', 'their gfns in the guest that owns them', ({ entry: { start, end, value } }) =>
    value.assigned ? rangeOf({ start: gfnOf(value, start), end: gfnOf(value, end) }, 'gfn') : nothing(),
  ),
  member('assigned', 'whether a guest or the firmware owns it', ({ entry }) => yesNo(entry.value.assigned)),
  member('asid', 'the ASID of the guest that owns it', ({ entry }) => numberOf(entry.value.asid, 'count')),
  member('owner', 'the VM that owns it', ({ entry, state }, context) => {
    const owner = ownerOf(state, entry.value);
    return owner === undefined ? nothing() : vmValue(owner, context);
  }),
  member('level', '1 is 4K, 2 is 2M', ({ entry }) => numberOf(entry.value.pageSize, 'level')),
  member('validated', 'the guest has accepted it (PVALIDATE)', ({ entry }) => yesNo(entry.value.validated)),
  member('immutable', 'RMPUPDATE and PSMASH are refused', ({ entry }) => yesNo(entry.value.immutable)),
  member('vmsa', 'it holds the register state of a vCPU', ({ entry }) => yesNo(entry.value.vmsa)),
  ...[1, 2, 3].map((vmpl) =>
    member<'rmp-entry'>(`vmpl${vmpl}`, `permissions of VMPL ${vmpl}`, ({ entry }) =>
      numberOf(permissionsOf(entry.value, vmpl), 'permissions'),
    ),
  ),
];

function vmList<T>(items: readonly T[], value: (item: T, index: number) => Value): Value {
  return {
    kind: 'list',
    count: items.length,
    at: (index) => value(elementAt(items, index), index),
    watch: null,
  };
}

export const VM_MEMBERS: MemberTable<'vm'> = [
  member('id', 'its number', ({ vm }) => numberOf(vm.id, 'count')),
  member('type', '`default`, `sw-protected`, `sev-snp` or `tdx`', ({ vm }) => word(vm.type)),
  member('slots', 'its memslots', ({ vm, state }) =>
    listOf(vm.slots, (slot) => ({ kind: 'slot', slot, state, vm })),
  ),
  member('attributes', 'the gfns that are private', ({ vm }) =>
    listOf(vm.privateGfns, (range) => rangeOf(range, 'gfn')),
  ),
  member('accepted', 'on TDX: the gfns of private pages that the guest accepted', ({ vm }) =>
    listOf(vm.accepted, (range) => rangeOf(range, 'gfn')),
  ),
  member('roots', 'its page tables', ({ vm, state }) =>
    listOf(vm.roots, (root) => ({ kind: 'root', root, state, vm })),
  ),
  member('vcpus', 'its vCPUs', ({ vm, state }) =>
    vmList(vm.vcpus, (vcpu, id) => ({ kind: 'vcpu', vcpu, id, state, vm })),
  ),
  member('memories', 'the userspace memory of its slots', ({ vm }) =>
    listOf(vm.memories, (memory) => ({ kind: 'memory', memory })),
  ),
  member('seq', 'mmu_invalidate_seq', ({ vm }) => numberOf(vm.mmu.seq, 'count')),
  member('in_progress', 'mmu_invalidate_in_progress', ({ vm }) => numberOf(vm.mmu.inProgress, 'count')),
  member('invalidate_range', 'mmu_invalidate_range_start and _end', ({ vm }) =>
    vm.mmu.range === null ? nothing() : rangeOf(vm.mmu.range, 'gfn'),
  ),
  member('generation', 'the generation of its memslots', ({ vm }) => numberOf(vm.generation, 'count')),
  member('asid', 'on SEV-SNP: its ASID', ({ vm }) =>
    vm.type === 'sev-snp' ? numberOf(asidOf(vm.id), 'count') : nothing(),
  ),
  member('dead', 'every ioctl on it fails with EIO', ({ vm }) => yesNo(vm.dead)),
  member('launched', 'whether the guest may run', ({ vm }) => yesNo(vm.launched)),
];
