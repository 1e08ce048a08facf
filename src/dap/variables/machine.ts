/** The VM's memory attributes, bookkeeping, locks and vCPUs. */
import { gfnText, hex, rangeText } from '../../outcome';
import { type HostedVm, lockName, type State, type Vcpu, type VmState } from '../../simulator';
import { as, branch, leaf, part, type VariableNode } from './node';

/**
 * gfns that are not listed are shared.
 * @param vm The expression of their VM, with a dot.
 */
export function attributeNodes({ privateGfns }: VmState, vm = 'vm.'): readonly VariableNode[] {
  if (privateGfns.length === 0) return [leaf('all gfns', 'shared')];
  return privateGfns.map((range, at) => as(`${vm}attributes[${at}]`, leaf(rangeText(range), 'private')));
}

/**
 * Private pages of a TDX guest; those not listed are pending or not present.
 * @param vm The expression of their VM, with a dot.
 */
export function acceptedNodes({ accepted }: VmState, vm = 'vm.'): readonly VariableNode[] {
  if (accepted.length === 0) return [as(`${vm}accepted`, leaf('accepted', 'none'))];
  return accepted.map((range, at) => as(`${vm}accepted[${at}]`, leaf(rangeText(range), 'accepted')));
}

export function bookkeepingNodes({ state, vm }: HostedVm): readonly VariableNode[] {
  const { mmu, generation, updating } = vm;
  const range = mmu.range === null ? 'none' : `gfn ${rangeText(mmu.range)}`;
  return [
    as('vm.seq', leaf('mmu_invalidate_seq', String(mmu.seq))),
    as('vm.in_progress', leaf('mmu_invalidate_in_progress', String(mmu.inProgress))),
    as('vm.invalidate_range', leaf('mmu_invalidate_range', range)),
    as(
      'vm.generation',
      leaf('memslots generation', `${generation}${updating ? ', update in progress' : ''}`),
    ),
    as('grace_periods', leaf('SRCU grace periods', String(state.srcu.epoch))),
  ];
}

export function lockNodes({ locks }: State): readonly VariableNode[] {
  if (locks.length === 0) return [leaf('locks', 'none')];
  return locks.map(({ lock, mode }) =>
    leaf(lockName(lock), mode === 'read' ? 'held for read' : 'held for write'),
  );
}

function rootText({ roots }: VmState, root: number | null): string {
  if (root === null) return 'none';
  const invalid = roots.some((other) => other.id === root && other.invalid);
  return `root ${root}${invalid ? ' (invalid)' : ''}`;
}

export function vcpuNode(vcpu: Vcpu, id: number, vm: VmState): VariableNode {
  const { root, mirrorRoot, mmioCache, memoryFault, vmsa } = vcpu;
  const page = (gfn: number) => gfnText({ start: gfn, end: gfn + 1 });
  return branch(`vCPU ${id}`, rootText(vm, root), () => [
    leaf('root', rootText(vm, root)),
    ...(vm.type === 'tdx' ? [leaf('mirror root', rootText(vm, mirrorRoot))] : []),
    ...(vm.type === 'sev-snp' ? [part('VMSA', vmsa === null ? 'none yet' : `pfn ${hex(vmsa)}`, 'vmsa')] : []),
    leaf(
      'MMIO cache',
      mmioCache === null ? 'none' : `${page(mmioCache.gfn)}, generation ${mmioCache.generation}`,
    ),
    part(
      'memory_fault',
      memoryFault === null
        ? 'none'
        : `${memoryFault.private ? 'private' : 'shared'} gfn ${hex(memoryFault.gfn)}`,
      'fault_gfn',
    ),
  ]);
}

/** @param of The expression of their VM, with a dot; empty for the current VM. */
export function vcpuNodes(vm: VmState, of = ''): readonly VariableNode[] {
  return vm.vcpus.map((vcpu, id) =>
    as(of === '' ? `vcpu(${id})` : `${of}vcpus[${id}]`, vcpuNode(vcpu, id, vm)),
  );
}
