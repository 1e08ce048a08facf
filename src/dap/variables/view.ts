/** Answers `scopes` and `variables` out of the trees of nodes. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Children, VariableNode } from './node';
import type { References } from './references';
import type { ScopeNode } from './scopes';

/** Rows that one answer has at most, where the client asks for all of them. */
const MOST_ROWS = 10_000;

export type ChildReferences = References<Children>;

function indexedCount(children: Children | undefined): { indexedVariables?: number } {
  return children?.kind === 'indexed' ? { indexedVariables: children.count } : {};
}

export function scopeOf(
  references: ChildReferences,
  { name, hint, children }: ScopeNode,
): DebugProtocol.Scope {
  return {
    name,
    ...(hint === undefined ? {} : { presentationHint: hint }),
    variablesReference: references.add(children),
    ...indexedCount(children),
    expensive: false,
  };
}

function variableOf(
  references: ChildReferences,
  { name, value, children }: VariableNode,
): DebugProtocol.Variable {
  return {
    name,
    value,
    variablesReference: children === undefined ? 0 : references.add(children),
    ...indexedCount(children),
    presentationHint: { attributes: ['readOnly'] },
  };
}

/** What of the children a client asks for; `count` 0 stands for all from `start` on. */
export interface Part {
  readonly filter: 'indexed' | 'named' | undefined;
  readonly start: number;
  readonly count: number;
}

export function variablesOf(
  references: ChildReferences,
  children: Children,
  { filter, start, count }: Part,
): readonly DebugProtocol.Variable[] {
  if (filter !== undefined && filter !== children.kind) return [];
  const nodes = children.kind === 'named' ? children.nodes() : null;
  const size = children.kind === 'named' ? nodes!.length : children.count;
  const end = Math.min(size, start + (count === 0 ? MOST_ROWS : Math.min(count, MOST_ROWS)));
  const rows: DebugProtocol.Variable[] = [];
  for (let index = start; index < end; index++) {
    const node = children.kind === 'named' ? nodes![index]! : children.node(index);
    rows.push(variableOf(references, node));
  }
  return rows;
}
