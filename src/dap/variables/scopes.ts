/** The scopes of a frame in the variables view: its locals, then the machine. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { type EvaluationContext, hasRmp } from '../../expressions';
import type { State } from '../../simulator/state';
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
  readonly nodes: (state: State, evaluation: EvaluationContext) => readonly VariableNode[];
  /** Whether the scope applies to a machine; default: always. */
  readonly shown?: (state: State) => boolean;
}

const MACHINE: readonly Part[] = [
  { name: 'VMs', nodes: (state) => vmNodes(state), shown: hasVmsToTell },
  { name: 'Memslots', nodes: slotsWithChanges },
  { name: 'guest_memfd files', nodes: filesWithChanges },
  { name: 'Memory attributes', nodes: (state) => attributeNodes(state) },
  { name: 'Accepted pages', nodes: (state) => acceptedNodes(state), shown: ({ vm }) => vm === 'tdx' },
  { name: 'Page tables', nodes: (state) => pageTableNodes(state) },
  { name: 'RMP', nodes: rmpNodes, shown: hasRmp },
  { name: 'Direct map', nodes: directMapNodes, shown: hasRmp },
  { name: 'Userspace memory', nodes: hostMemoryNodes },
  { name: 'MMU bookkeeping', nodes: bookkeepingNodes },
  { name: 'Locks held', nodes: lockNodes },
  { name: 'vCPUs', nodes: (state) => vcpuNodes(state) },
];

/** Rows for the statement's changes to each slot so far; a data breakpoint on one waits for further changes. */
function slotsWithChanges(state: State, evaluation: EvaluationContext): readonly VariableNode[] {
  return memslotNodes(state, '', ({ id }) =>
    changeRows({ kind: 'slot', vm: state.vmId, slot: id }, evaluation),
  );
}

function filesWithChanges(state: State, evaluation: EvaluationContext): readonly VariableNode[] {
  return fileNodes(state, ({ name: file, pages }) =>
    changeRows({ kind: 'file-pages', file, start: 0, end: pages }, evaluation),
  );
}

/** The scopes of a call stack entry. */
export function scopesAt({ frame }: Level, evaluation: EvaluationContext): readonly ScopeNode[] {
  const children: Children = { kind: 'named', nodes: () => localNodes(evaluation.locals) };
  const locals: ScopeNode =
    frame === null
      ? { name: 'Statement', hint: 'arguments', children }
      : { name: 'Locals', hint: 'locals', children };
  const { state } = evaluation;
  const machine = MACHINE.filter(({ shown }) => shown?.(state) ?? true);
  return [
    locals,
    ...machine.map(({ name, nodes }) => ({ name, children: scopeChildren(nodes(state, evaluation)) })),
  ];
}

/** Long lists are sent in parts. */
function scopeChildren(nodes: readonly VariableNode[]): Children {
  return listed(nodes, (node) => node);
}
