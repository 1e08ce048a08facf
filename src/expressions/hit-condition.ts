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

/** A number alone stands for that hit. */
export function parseHitCondition(text: string): HitCondition | ExpressionProblem {
  const trimmed = text.trim();
  // `=` is what one may write who does not program.
  const written = OPERATORS.find((candidate) => trimmed.startsWith(candidate));
  const length = written?.length ?? (trimmed.startsWith('=') ? 1 : 0);
  const operand = parse(trimmed.slice(length));
  if (!isProblem(operand)) return { operator: written ?? '==', operand };
  const { span } = operand;
  return { problem: `${operand.problem} A hit count is for instance 3, >= 3 or % 2.`, span };
}

/** Whether the hit of that number, from 1, is one to stop at. */
export function meetsHitCondition(
  { operator, operand }: HitCondition,
  hit: number,
  context: EvaluationContext,
): boolean | ExpressionProblem {
  const value = evaluateNode(operand, context);
  if (isProblem(value)) return value;
  const outcome = applyOperator(operator, numberOf(hit, 'count'), value);
  if (isProblem(outcome)) return { problem: outcome.problem, span: operand.span };
  // Every second hit is the one whose number leaves nothing over.
  return operator === '%' ? !holds(outcome) : holds(outcome);
}
