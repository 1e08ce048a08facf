/** What the variables view shows for a frame: its locals, then the machine. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Program } from '../../language';
import type { State } from '../../simulator/state';
import { framesOf, type Moment, stateOf } from '../moment';
import { fileNodes } from './files';
import { hostMemoryNodes } from './host-memory';
import { attributeNodes, bookkeepingNodes, lockNodes, vcpuNodes } from './machine';
import { memslotNodes } from './memslots';
import { type Children, listed, type VariableNode } from './node';
import { pageTableNodes } from './page-tables';
import { recordNodes } from './values';

export interface ScopeNode {
  readonly name: string;
  readonly hint?: NonNullable<DebugProtocol.Scope['presentationHint']>;
  readonly children: Children;
}

const MACHINE: readonly (readonly [name: string, nodes: (state: State) => readonly VariableNode[]])[] = [
  ['Memslots', memslotNodes],
  ['guest_memfd files', fileNodes],
  ['Memory attributes', attributeNodes],
  ['Page tables', pageTableNodes],
  ['Userspace memory', hostMemoryNodes],
  ['MMU bookkeeping', bookkeepingNodes],
  ['Locks held', lockNodes],
  ['vCPUs', vcpuNodes],
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
  return [locals, ...MACHINE.map(([name, nodes]) => ({ name, children: scopeChildren(nodes(state)) }))];
}

function named(nodes: () => readonly VariableNode[]): Children {
  return { kind: 'named', nodes };
}

/** Long lists are handed out in parts. */
function scopeChildren(nodes: readonly VariableNode[]): Children {
  return listed(nodes, (node) => node);
}
