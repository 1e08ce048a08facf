/** The scopes of a frame in the variables view: its locals, then the machine. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { currentVmOf, type EvaluationContext, hasRmp } from '../../expressions';
import type { HostedVm } from '../../simulator';
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
  readonly nodes: (machine: HostedVm, evaluation: EvaluationContext) => readonly VariableNode[];
  /** Whether the scope applies to a machine; default: always. */
  readonly shown?: (machine: HostedVm) => boolean;
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

/** Rows for the statement's changes to each slot so far; a data breakpoint on one waits for further changes. */
function slotsWithChanges(machine: HostedVm, evaluation: EvaluationContext): readonly VariableNode[] {
  return memslotNodes(machine, '', ({ id }) =>
    changeRows({ kind: 'slot', vm: machine.vm.id, slot: id }, evaluation),
  );
}

function filesWithChanges({ state }: HostedVm, evaluation: EvaluationContext): readonly VariableNode[] {
  return fileNodes(state, ({ name: file, pages }) =>
    changeRows({ kind: 'file-pages', file, start: 0, end: pages }, evaluation),
  );
}

/** The scopes of a call stack entry. */
export function scopesAt({ frame }: Level, evaluation: EvaluationContext): readonly ScopeNode[] {
  const children: Children = { kind: 'named', nodes: () => localNodes(evaluation) };
  const locals: ScopeNode =
    frame === null
      ? { name: 'Statement', hint: 'arguments', children }
      : { name: 'Locals', hint: 'locals', children };
  const machine = currentVmOf(evaluation);
  const parts = MACHINE.filter(({ shown }) => shown?.(machine) ?? true);
  return [
    locals,
    ...parts.map(({ name, nodes }) => ({ name, children: scopeChildren(nodes(machine, evaluation)) })),
  ];
}

/** Long lists are sent in parts. */
function scopeChildren(nodes: readonly VariableNode[]): Children {
  return listed(nodes, (node) => node);
}
