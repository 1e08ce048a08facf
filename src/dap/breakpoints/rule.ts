/** The rule of a breakpoint: its condition, its hit condition, and its log message. */
import {
  type EvaluationContext,
  type ExpressionProblem,
  evaluateNode,
  fillTemplate,
  type HitCondition,
  holds,
  isProblem,
  meetsHitCondition,
  type Node,
  parse,
  parseHitCondition,
  parseTemplate,
  type Template,
  templateProblem,
} from '../../expressions';
import { textOf } from '../variables/values';

export interface Rule {
  readonly condition: Node | ExpressionProblem | null;
  readonly hits: HitCondition | ExpressionProblem | null;
  readonly log: Template | null;
  /** The texts as written. */
  readonly texts: RuleTexts;
  /** Parse error, as a message for the user. */
  readonly problem: string | null;
}

/** The texts of a rule as in the request. An empty text counts as missing. */
export interface RuleTexts {
  readonly condition?: string | undefined;
  readonly hitCondition?: string | undefined;
  readonly logMessage?: string | undefined;
}

/** Always stops. */
export const ALWAYS: Rule = { condition: null, hits: null, log: null, texts: {}, problem: null };

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}

function problemIn(what: string, found: object | null): string | null {
  return found !== null && isProblem(found as ExpressionProblem)
    ? `The ${what} cannot be read: ${(found as ExpressionProblem).problem}`
    : null;
}

export function parseRule(texts: RuleTexts): Rule {
  const { condition, hitCondition, logMessage } = texts;
  const parsed = {
    condition: isGiven(condition) ? parse(condition) : null,
    hits: isGiven(hitCondition) ? parseHitCondition(hitCondition) : null,
    log: isGiven(logMessage) ? parseTemplate(logMessage) : null,
  };
  const problem =
    problemIn('condition', parsed.condition) ??
    problemIn('hit count', parsed.hits) ??
    problemIn('log message', parsed.log && templateProblem(parsed.log));
  return { ...parsed, texts, problem };
}

/** What a reached breakpoint does. */
export type HitDecision =
  | { readonly does: 'pass' }
  | { readonly does: 'log'; readonly text: string }
  | { readonly does: 'stop'; readonly problem: string | null };

const PASS: HitDecision = { does: 'pass' };

function stopFor(what: string, text: string | undefined, { problem }: ExpressionProblem): HitDecision {
  return { does: 'stop', problem: `The ${what} \`${text}\` cannot be evaluated: ${problem}` };
}

/**
 * Decides what a reached breakpoint does. If its condition cannot be evaluated, it stops.
 * @param evaluation Creates the evaluation context; not called if the rule has no expressions.
 * @param hit Counts this hit and returns its number, from 1; called only if the condition holds.
 */
export function judge(
  { condition, hits, log, texts }: Rule,
  evaluation: () => EvaluationContext,
  hit: () => number,
): HitDecision {
  if (condition !== null) {
    const value = isProblem(condition) ? condition : evaluateNode(condition, evaluation());
    if (isProblem(value)) return stopFor('condition', texts.condition, value);
    if (!holds(value)) return PASS;
  }
  if (hits !== null) {
    const met = isProblem(hits) ? hits : meetsHitCondition(hits, hit(), evaluation());
    if (typeof met !== 'boolean') return stopFor('hit count', texts.hitCondition, met);
    if (!met) return PASS;
  }
  return log === null
    ? { does: 'stop', problem: null }
    : { does: 'log', text: fillTemplate(log, evaluation(), textOf) };
}
