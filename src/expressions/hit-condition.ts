/** Conditions on how often a breakpoint was reached: `3`, `>= 3`, `% 2`. */
import { applyOperator } from './arithmetic';
import { evaluateNode } from './evaluate';
import type { EvaluationContext } from './evaluation-context';
import { parse } from './parse';
import { type ExpressionProblem, isProblem, type Node, type Operator } from './tree';
import { holds, numberOf } from './value';

export interface HitCondition {
  readonly operator: Operator;
  readonly operand: Node;
}

const OPERATORS: readonly Operator[] = ['==', '!=', '<=', '>=', '<', '>', '%'];

/** A bare number selects that hit only. */
export function parseHitCondition(text: string): HitCondition | ExpressionProblem {
  const trimmed = text.trim();
  // People who do not program may write `=`.
  const written = OPERATORS.find((candidate) => trimmed.startsWith(candidate));
  const length = written?.length ?? (trimmed.startsWith('=') ? 1 : 0);
  const operand = parse(trimmed.slice(length));
  if (!isProblem(operand)) return { operator: written ?? '==', operand };
  const { span } = operand;
  return { problem: `${operand.problem} Write a hit count such as 3, >= 3 or % 2.`, span };
}

/** Whether to stop at a hit. `hit` counts from 1. */
export function meetsHitCondition(
  { operator, operand }: HitCondition,
  hit: number,
  context: EvaluationContext,
): boolean | ExpressionProblem {
  const value = evaluateNode(operand, context);
  if (isProblem(value)) return value;
  const outcome = applyOperator(operator, numberOf(hit, 'count'), value);
  if (isProblem(outcome)) return { problem: outcome.problem, span: operand.span };
  // `% 2` selects every second hit: the remainder is 0.
  return operator === '%' ? !holds(outcome) : holds(outcome);
}
