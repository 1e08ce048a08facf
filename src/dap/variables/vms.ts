/** The VMs of the host: the one that calls are for, and the others. */
import { allVms, asidOf } from '../../simulator/model/vms';
import type { State, VmState } from '../../simulator/state';
import { attributeNodes, vcpuNodes } from './machine';
import { memslotNodes } from './memslots';
import { branch, counted, leaf, list, type VariableNode } from './node';
import { pageTableNodes } from './page-tables';

/** With a single VM that can always run, there is nothing that other scopes do not tell. */
export function hasVmsToTell({ vm, parked }: State): boolean {
  return parked.length > 0 || vm === 'sev-snp';
}

function vmText(vm: VmState): string {
  const snp = vm.vm === 'sev-snp' ? `, ASID ${asidOf(vm)}, ${vm.launched ? 'launched' : 'not launched'}` : '';
  return `${vm.vm}${snp}, ${counted(vm.slots.length, 'slot')}, ${counted(vm.vcpus.length, 'vCPU')}`;
}

function partNode(name: string, rows: readonly VariableNode[], noun: string): VariableNode {
  return list(name, counted(rows.length, noun), rows, (row) => row);
}

function vmRows(state: State, vm: VmState): readonly VariableNode[] {
  // The rows of a part are about the VM that is spread out in the state.
  const seen: State = { ...state, ...vm };
  const snp = vm.vm === 'sev-snp';
  return [
    leaf('type', vm.vm),
    ...(snp
      ? [leaf('ASID', String(asidOf(vm))), leaf('launch', vm.launched ? 'finished' : 'under way')]
      : []),
    partNode('Memslots', memslotNodes(seen), 'slot'),
    partNode('Memory attributes', attributeNodes(seen), 'range'),
    partNode('Page tables', pageTableNodes(seen), 'root'),
    partNode('vCPUs', vcpuNodes(seen), 'vCPU'),
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
