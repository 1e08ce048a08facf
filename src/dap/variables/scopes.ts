/** What the variables view shows for a frame: its locals, then the machine. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Program } from '../../language';
import type { State } from '../../simulator/state';
import { framesOf, type Moment, stateOf } from '../moment';
import { fileNodes } from './files';
import { hostMemoryNodes } from './host-memory';
import { acceptedNodes, attributeNodes, bookkeepingNodes, lockNodes, vcpuNodes } from './machine';
import { memslotNodes } from './memslots';
import { type Children, listed, type VariableNode } from './node';
import { pageTableNodes } from './page-tables';
import { directMapNodes, hasRmp, rmpNodes } from './rmp';
import { recordNodes } from './values';
import { hasVmsToTell, vmNodes } from './vms';

export interface ScopeNode {
  readonly name: string;
  readonly hint?: NonNullable<DebugProtocol.Scope['presentationHint']>;
  readonly children: Children;
}

interface Part {
  readonly name: string;
  readonly nodes: (state: State) => readonly VariableNode[];
  /** Whether such a machine has it; without it, every one does. */
  readonly shown?: (state: State) => boolean;
}

const MACHINE: readonly Part[] = [
  { name: 'VMs', nodes: vmNodes, shown: hasVmsToTell },
  { name: 'Memslots', nodes: memslotNodes },
  { name: 'guest_memfd files', nodes: fileNodes },
  { name: 'Memory attributes', nodes: attributeNodes },
  { name: 'Accepted pages', nodes: acceptedNodes, shown: ({ vm }) => vm === 'tdx' },
  { name: 'Page tables', nodes: pageTableNodes },
  { name: 'RMP', nodes: rmpNodes, shown: hasRmp },
  { name: 'Direct map', nodes: directMapNodes, shown: hasRmp },
  { name: 'Userspace memory', nodes: hostMemoryNodes },
  { name: 'MMU bookkeeping', nodes: bookkeepingNodes },
  { name: 'Locks held', nodes: lockNodes },
  { name: 'vCPUs', nodes: vcpuNodes },
];

/**
 * The scopes of a frame.
 * @param depth 0 for the statement, 1 for the procedure it calls, and so on.
 */
export function scopesAt({ statements }: Program, moment: Moment, depth: number): readonly ScopeNode[] {
  const frame = depth === 0 ? undefined : framesOf(moment)[depth - 1];
  const { call } = statements[moment.statement]!;
  const locals: ScopeNode =
    frame === undefined
      ? { name: 'Statement', hint: 'arguments', children: named(() => recordNodes(call)) }
      : { name: 'Locals', hint: 'locals', children: named(() => recordNodes(frame.locals)) };
  const state = stateOf(moment);
  const machine = MACHINE.filter(({ shown }) => shown?.(state) ?? true);
  return [locals, ...machine.map(({ name, nodes }) => ({ name, children: scopeChildren(nodes(state)) }))];
}

function named(nodes: () => readonly VariableNode[]): Children {
  return { kind: 'named', nodes };
}

/** Long lists are handed out in parts. */
function scopeChildren(nodes: readonly VariableNode[]): Children {
  return listed(nodes, (node) => node);
}
