/** The VMs of the host. */
import { allVms, asidOf } from '../../simulator/model/vms';
import type { State, VmState } from '../../simulator/state';
import { hasProtectedState } from '../../simulator/vm';
import { acceptedNodes, attributeNodes, vcpuNodes } from './machine';
import { memslotNodes } from './memslots';
import { as, branch, counted, leaf, list, part, rangesText, type VariableNode } from './node';
import { pageTableNodes } from './page-tables';

/** A single VM without a launch adds nothing to the other scopes. */
export function hasVmsToTell({ vm, parked }: State): boolean {
  return parked.length > 0 || hasProtectedState(vm);
}

function vmText(vm: VmState): string {
  const snp = vm.vm === 'sev-snp' ? `, ASID ${asidOf(vm)}, ${vm.launched ? 'launched' : 'not launched'}` : '';
  return `${vm.vm}${snp}${vm.dead ? ', dead' : ''}, ${counted(vm.slots.length, 'slot')}, ${counted(vm.vcpus.length, 'vCPU')}`;
}

function partNode(name: string, value: string, rows: readonly VariableNode[]): VariableNode {
  return list(name, value, rows, (row) => row);
}

/** @param of The expression of the VM, with a dot; empty for the current VM. */
function vmRows(state: State, vm: VmState, of: string): readonly VariableNode[] {
  // The rows of a part read the VM that is current in the state.
  const seen: State = { ...state, ...vm };
  const snp = vm.vm === 'sev-snp';
  return [
    part('type', vm.vm),
    ...(vm.dead ? [leaf('dead', 'every ioctl gives EIO')] : []),
    ...(snp
      ? [part('ASID', String(asidOf(vm)), 'asid'), leaf('launch', vm.launched ? 'finished' : 'under way')]
      : []),
    partNode('Memslots', counted(vm.slots.length, 'slot'), memslotNodes(seen, of)),
    partNode(
      'Memory attributes',
      `private ${rangesText(vm.privateGfns)}`,
      attributeNodes(seen, of || undefined),
    ),
    ...(vm.vm === 'tdx'
      ? [partNode('Accepted pages', rangesText(vm.accepted), acceptedNodes(seen, of || undefined))]
      : []),
    partNode('Page tables', counted(vm.roots.length, 'root'), pageTableNodes(seen, of)),
    partNode('vCPUs', counted(vm.vcpus.length, 'vCPU'), vcpuNodes(seen, of)),
  ];
}

export function vmNode(state: State, vm: VmState): VariableNode {
  const atHand = vm.vmId === state.vmId;
  const text = `${atHand ? 'current, ' : ''}${vmText(vm)}`;
  const of = atHand ? '' : `vm(${vm.vmId}).`;
  return as(
    `vm(${vm.vmId})`,
    branch(`VM ${vm.vmId}`, text, () => vmRows(state, vm, of)),
  );
}

/** In order of creation, as scenarios number them. */
export function vmNodes(state: State): readonly VariableNode[] {
  return [...allVms(state)].sort((a, b) => a.vmId - b.vmId).map((vm) => vmNode(state, vm));
}
