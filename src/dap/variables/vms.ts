/** The VMs of the host: the one that calls are for, and the others. */
import { allVms, asidOf } from '../../simulator/model/vms';
import type { State, VmState } from '../../simulator/state';
import { hasProtectedState } from '../../simulator/vm';
import { acceptedNodes, attributeNodes, vcpuNodes } from './machine';
import { memslotNodes } from './memslots';
import { branch, counted, leaf, list, rangesText, type VariableNode } from './node';
import { pageTableNodes } from './page-tables';

/** With a single VM that can always run, there is nothing that other scopes do not tell: not so with a launch, or an end. */
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

function vmRows(state: State, vm: VmState): readonly VariableNode[] {
  // The rows of a part are about the VM that is spread out in the state.
  const seen: State = { ...state, ...vm };
  const snp = vm.vm === 'sev-snp';
  return [
    leaf('type', vm.vm),
    ...(vm.dead ? [leaf('dead', 'every ioctl gives EIO')] : []),
    ...(snp
      ? [leaf('ASID', String(asidOf(vm))), leaf('launch', vm.launched ? 'finished' : 'under way')]
      : []),
    partNode('Memslots', counted(vm.slots.length, 'slot'), memslotNodes(seen)),
    partNode('Memory attributes', `private ${rangesText(vm.privateGfns)}`, attributeNodes(seen)),
    ...(vm.vm === 'tdx' ? [partNode('Accepted pages', rangesText(vm.accepted), acceptedNodes(seen))] : []),
    partNode('Page tables', counted(vm.roots.length, 'root'), pageTableNodes(seen)),
    partNode('vCPUs', counted(vm.vcpus.length, 'vCPU'), vcpuNodes(seen)),
  ];
}

/** By order of creation, as scenarios number them. */
export function vmNodes(state: State): readonly VariableNode[] {
  const vms = [...allVms(state)].sort((a, b) => a.vmId - b.vmId);
  return vms.map((vm) =>
    branch(`VM ${vm.vmId}`, `${vm.vmId === state.vmId ? 'at hand, ' : ''}${vmText(vm)}`, () =>
      vmRows(state, vm),
    ),
  );
}
