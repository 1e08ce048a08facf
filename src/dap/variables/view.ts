/** Answers `scopes` and `variables` from the trees of nodes. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { EvaluationContext } from '../../expressions';
import { elementAt } from '../../simulator';
import type { Children, VariableNode } from './node';
import type { References } from './references';
import type { ScopeNode } from './scopes';

/** Maximum number of rows per response if the client requests all. */
const MOST_ROWS = 10_000;

/** Rows that the client can request, with their expressions. */
export interface KnownChildren {
  readonly children: Children;
  /** The expression that the suffixes of the rows extend. */
  readonly base: string | undefined;
  /** The context in which their expressions are evaluated. */
  readonly evaluation: EvaluationContext;
}

export type ChildReferences = References<KnownChildren>;

function indexedCount(children: Children | undefined): { indexedVariables?: number } {
  return children?.kind === 'indexed' ? { indexedVariables: children.count } : {};
}

export function scopeOf(
  references: ChildReferences,
  { name, hint, children }: ScopeNode,
  evaluation: EvaluationContext,
): DebugProtocol.Scope {
  return {
    name,
    ...(hint === undefined ? {} : { presentationHint: hint }),
    variablesReference: references.add({ children, base: undefined, evaluation }),
    ...indexedCount(children),
    expensive: false,
  };
}

/** The expression of a row below a row with the expression `base`. */
function expressionOf({ expression, suffix }: VariableNode, base: string | undefined): string | undefined {
  if (expression !== undefined || suffix === undefined || base === undefined) return expression;
  return base + suffix;
}

const READ_ONLY: DebugProtocol.VariablePresentationHint = { attributes: ['readOnly'] };

/** The references for the children of a row with this `expression`. */
export function belowOf(
  references: ChildReferences,
  { children, base }: VariableNode,
  expression: string | undefined,
  evaluation: EvaluationContext,
): Pick<DebugProtocol.Variable, 'variablesReference' | 'indexedVariables'> {
  if (children === undefined) return { variablesReference: 0 };
  const variablesReference = references.add({ children, base: base ?? expression, evaluation });
  return children.kind === 'named'
    ? { variablesReference }
    : { variablesReference, indexedVariables: children.count };
}

function variableOf(
  references: ChildReferences,
  node: VariableNode,
  { base, evaluation }: KnownChildren,
): DebugProtocol.Variable {
  const evaluateName = expressionOf(node, base);
  const below = belowOf(references, node, evaluateName, evaluation);
  const variable: DebugProtocol.Variable = {
    name: node.name,
    value: node.value,
    variablesReference: below.variablesReference,
    presentationHint: READ_ONLY,
  };
  if (below.indexedVariables !== undefined) variable.indexedVariables = below.indexedVariables;
  if (evaluateName !== undefined) variable.evaluateName = evaluateName;
  if (node.memory !== undefined) variable.memoryReference = node.memory;
  return variable;
}

/** The expression of the row of that name. */
export function expressionNamed({ children, base }: KnownChildren, name: string): string | undefined {
  const nodes =
    children.kind === 'named'
      ? children.nodes()
      : Array.from({ length: Math.min(children.count, MOST_ROWS) }, (_, index) => children.node(index));
  const found = nodes.find((node) => node.name === name);
  return found && expressionOf(found, base);
}

/** The requested part of the children; `count` 0 means all from `start` on. */
export interface Part {
  readonly filter: 'indexed' | 'named' | undefined;
  readonly start: number;
  readonly count: number;
}

export function variablesOf(
  references: ChildReferences,
  known: KnownChildren,
  { filter, start, count }: Part,
): readonly DebugProtocol.Variable[] {
  const { children } = known;
  if (filter !== undefined && filter !== children.kind) return [];
  const named = children.kind === 'named' ? children.nodes() : [];
  const size = children.kind === 'named' ? named.length : children.count;
  const end = Math.min(size, start + (count === 0 ? MOST_ROWS : Math.min(count, MOST_ROWS)));
  const rows: DebugProtocol.Variable[] = [];
  for (let index = start; index < end; index++) {
    const node = children.kind === 'named' ? elementAt(named, index) : children.node(index);
    rows.push(variableOf(references, node, known));
  }
  return rows;
}
