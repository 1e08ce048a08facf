/** What the variables view shows for a frame: its locals, then the machine. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { hasRmp, type Scene, vmOfScene } from '../../expressions';
import type { HostedVm } from '../../simulator/model/vms';
import type { Level } from '../moment';
import { fileNodes } from './files';
import { hostMemoryNodes } from './host-memory';
import { acceptedNodes, attributeNodes, bookkeepingNodes, lockNodes, vcpuNodes } from './machine';
import { memslotNodes } from './memslots';
import { type Children, listed, type VariableNode } from './node';
import { pageTableNodes } from './page-tables';
import { directMapNodes, rmpNodes } from './rmp';
import { changeRows, localNodes } from './values';
import { hasVmsToTell, vmNodes } from './vms';

export interface ScopeNode {
  readonly name: string;
  readonly hint?: NonNullable<DebugProtocol.Scope['presentationHint']>;
  readonly children: Children;
}

interface Part {
  readonly name: string;
  readonly nodes: (seen: HostedVm, scene: Scene) => readonly VariableNode[];
  /** Whether such a machine has it; without it, every one does. */
  readonly shown?: (seen: HostedVm) => boolean;
}

const MACHINE: readonly Part[] = [
  { name: 'VMs', nodes: vmNodes, shown: hasVmsToTell },
  { name: 'Memslots', nodes: slotsWithChanges },
  { name: 'guest_memfd files', nodes: filesWithChanges },
  { name: 'Memory attributes', nodes: ({ vm }) => attributeNodes(vm) },
  { name: 'Accepted pages', nodes: ({ vm }) => acceptedNodes(vm), shown: ({ vm }) => vm.type === 'tdx' },
  { name: 'Page tables', nodes: ({ vm }) => pageTableNodes(vm) },
  { name: 'RMP', nodes: ({ state }) => rmpNodes(state), shown: ({ state }) => hasRmp(state) },
  { name: 'Direct map', nodes: ({ state }) => directMapNodes(state), shown: ({ state }) => hasRmp(state) },
  { name: 'Userspace memory', nodes: ({ vm }) => hostMemoryNodes(vm) },
  { name: 'MMU bookkeeping', nodes: bookkeepingNodes },
  { name: 'Locks held', nodes: ({ state }) => lockNodes(state) },
  { name: 'vCPUs', nodes: ({ vm }) => vcpuNodes(vm) },
];

/** Rows for what the statement did to each slot so far: a data breakpoint on one waits for more of it. */
function slotsWithChanges(seen: HostedVm, scene: Scene): readonly VariableNode[] {
  return memslotNodes(seen, '', ({ id }) => changeRows({ kind: 'slot', vm: seen.vm.id, slot: id }, scene));
}

function filesWithChanges({ state }: HostedVm, scene: Scene): readonly VariableNode[] {
  return fileNodes(state, ({ name: file, pages }) =>
    changeRows({ kind: 'file-pages', file, start: 0, end: pages }, scene),
  );
}

/** The scopes of an entry of the call stack, as it sees the machine. */
export function scopesAt({ frame }: Level, scene: Scene): readonly ScopeNode[] {
  const children: Children = { kind: 'named', nodes: () => localNodes(scene.locals) };
  const locals: ScopeNode =
    frame === null
      ? { name: 'Statement', hint: 'arguments', children }
      : { name: 'Locals', hint: 'locals', children };
  const seen = vmOfScene(scene);
  const machine = MACHINE.filter(({ shown }) => shown?.(seen) ?? true);
  return [
    locals,
    ...machine.map(({ name, nodes }) => ({ name, children: scopeChildren(nodes(seen, scene)) })),
  ];
}

/** Long lists are handed out in parts. */
function scopeChildren(nodes: readonly VariableNode[]): Children {
  return listed(nodes, (node) => node);
}
