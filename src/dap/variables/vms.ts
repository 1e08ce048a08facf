/** The VMs of the host. */
import { counted } from '../../outcome';
import { asidOf, type HostedVm, hasProtectedState, type State, type VmState } from '../../simulator';
import { acceptedNodes, attributeNodes, vcpuNodes } from './machine';
import { memslotNodes } from './memslots';
import { as, branch, leaf, list, part, rangesText, type VariableNode } from './node';
import { pageTableNodes } from './page-tables';

/** A single VM without a launch adds nothing to the other scopes. */
export function hasVmsToTell({ state, vm }: HostedVm): boolean {
  return state.vms.length > 1 || hasProtectedState(vm.type);
}

function vmText(vm: VmState): string {
  const snp =
    vm.type === 'sev-snp' ? `, ASID ${asidOf(vm.id)}, ${vm.launched ? 'launched' : 'not launched'}` : '';
  return `${vm.type}${snp}${vm.dead ? ', dead' : ''}, ${counted(vm.slots.length, 'slot')}, ${counted(vm.vcpus.length, 'vCPU')}`;
}

function partNode(name: string, value: string, rows: readonly VariableNode[]): VariableNode {
  return list(name, value, rows, (row) => row);
}

/** @param of The expression of the VM, with a dot; empty for the current VM. */
function vmRows(hosted: HostedVm, of: string): readonly VariableNode[] {
  const { vm } = hosted;
  const snp = vm.type === 'sev-snp';
  return [
    part('type', vm.type),
    ...(vm.dead ? [leaf('dead', 'every ioctl gives EIO')] : []),
    ...(snp
      ? [part('ASID', String(asidOf(vm.id)), 'asid'), leaf('launch', vm.launched ? 'finished' : 'under way')]
      : []),
    partNode('Memslots', counted(vm.slots.length, 'slot'), memslotNodes(hosted, of)),
    partNode(
      'Memory attributes',
      `private ${rangesText(vm.privateGfns)}`,
      attributeNodes(vm, of || undefined),
    ),
    ...(vm.type === 'tdx'
      ? [partNode('Accepted pages', rangesText(vm.accepted), acceptedNodes(vm, of || undefined))]
      : []),
    partNode('Page tables', counted(vm.roots.length, 'root'), pageTableNodes(vm, of)),
    partNode('vCPUs', counted(vm.vcpus.length, 'vCPU'), vcpuNodes(vm, of)),
  ];
}

/** @param isCurrent Expressions without a VM refer to it. */
export function vmNode(state: State, vm: VmState, isCurrent: boolean): VariableNode {
  const text = `${isCurrent ? 'current, ' : ''}${vmText(vm)}`;
  const of = isCurrent ? '' : `vm(${vm.id}).`;
  return as(
    `vm(${vm.id})`,
    branch(`VM ${vm.id}`, text, () => vmRows({ state, vm }, of)),
  );
}

/** In order of creation, as scenarios number them. */
export function vmNodes({ state, vm: { id } }: HostedVm): readonly VariableNode[] {
  return state.vms.map((vm) => vmNode(state, vm, vm.id === id));
}
