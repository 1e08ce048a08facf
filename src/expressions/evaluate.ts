/** Evaluates a tree. Never throws: errors are returned as a problem with its span in the text. */
import { nearest } from '../language';
import { fileByName } from '../simulator';
import { applyOperator } from './arithmetic';
import type { EvaluationContext } from './evaluation-context';
import { FUNCTIONS, functionOf } from './functions';
import { localOf } from './locals';
import { memberOf, membersOf } from './members';
import type { Found } from './members/member';
import { NAMES, nameOf } from './names';
import { parse } from './parse';
import {
  type ExpressionProblem,
  isProblem,
  type MemberNode,
  type NameNode,
  type Node,
  type Span,
} from './tree';
import { flag, holds, kindText, nothing, type Value } from './value';
import { wordValue } from './words';

function at(found: Found, span: Span): Value | ExpressionProblem {
  return isProblem(found) ? { problem: found.problem, span } : found;
}

/** The names that can start an expression: locals and files of this context, and the built-in names. */
export function namesIn({ locals, state }: EvaluationContext): readonly string[] {
  return [...Object.keys(locals), ...Object.keys(state.descriptors), ...NAMES.map(({ name }) => name)];
}

/** A "did you mean" hint for an unknown name, as the end of a sentence; empty if no name is similar. */
function meant(name: string, plain: readonly string[], called: readonly string[] = []): string {
  const near = nearest(name, [...plain, ...called]);
  if (near === null) return '';
  return `: did you mean \`${near}${plain.includes(near) ? '' : '(…)'}\`?`;
}

const FUNCTION_NAMES: readonly string[] = FUNCTIONS.map(({ name }) => name);

function unknownName({ name, span }: NameNode, context: EvaluationContext): ExpressionProblem {
  const called = functionOf(name);
  if (called !== undefined) {
    return { problem: `\`${name}\` is a function: write ${name}(${called.parameters.join(', ')}).`, span };
  }
  const files = Object.keys(context.state.descriptors);
  const hint =
    meant(name, namesIn(context), FUNCTION_NAMES) ||
    `. Known names include ${[...files, 'slots', 'spte(…)', 'seq'].slice(0, 6).join(', ')}; type \`help\` in the console for the full list.`;
  return { problem: `Unknown name \`${name}\`${hint}`, span };
}

/** The value of a name: a local, a file of the scenario, a built-in name, or a word. */
function evaluateName(node: NameNode, context: EvaluationContext): Value | ExpressionProblem {
  const { name, span } = node;
  const { locals, state } = context;
  if (Object.hasOwn(locals, name)) return localOf(context, name);
  if (Object.hasOwn(state.descriptors, name)) {
    const file = fileByName(state, name);
    return file === null ? nothing('bad descriptor (-1)') : { kind: 'file', file, state };
  }
  const known = nameOf(name);
  if (known !== undefined) return at(known.of(context), span);
  return wordValue(name) ?? unknownName(node, context);
}

/** Maximum number of members that an error message lists. */
const MOST_MEMBERS = 12;

function noMember(
  { name, nameSpan }: MemberNode,
  value: Value,
  context: EvaluationContext,
): ExpressionProblem {
  const members = membersOf(value, context);
  const what = kindText(value);
  if (members.length === 0)
    return { problem: `\`${name}\` does not exist: the value is ${what}.`, span: nameSpan };
  const named = (called: boolean) => members.filter((one) => one.called === called).map((one) => one.name);
  const list = members.slice(0, MOST_MEMBERS).map((one) => `${one.name}${one.called ? '(…)' : ''}`);
  const all = members.length > MOST_MEMBERS ? [...list, '…'] : list;
  const hint = meant(name, named(false), named(true)) || `. Its members are ${all.join(', ')}.`;
  return { problem: `The value is ${what}, which has no \`${name}\`${hint}`, span: nameSpan };
}

function evaluateMember(node: MemberNode, context: EvaluationContext): Value | ExpressionProblem {
  const of = evaluateNode(node.of, context);
  if (isProblem(of)) return of;
  const found = memberOf(of, node.name, context);
  if (found === undefined) return noMember(node, of, context);
  if ('call' in found) {
    return {
      problem: `\`${node.name}\` is a function: write ${node.name}(${found.parameters.join(', ')}).`,
      span: node.nameSpan,
    };
  }
  return at(found, node.nameSpan);
}

interface Callable {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly optional?: number;
}

function countProblem({ name, parameters, optional = 0 }: Callable, given: number): string | null {
  if (given <= parameters.length && given >= parameters.length - optional) return null;
  return `Write ${name}(${parameters.join(', ')}), with ${parameters.length === 1 ? 'one argument' : `${parameters.length} arguments`}, not ${given}.`;
}

/** The callee of a call: a function, or a method of a value. */
function evaluateCallee(
  callee: NameNode | MemberNode,
  context: EvaluationContext,
): (Callable & { run: (args: readonly Value[]) => Found }) | ExpressionProblem {
  if (callee.kind === 'name') {
    const found = functionOf(callee.name);
    if (found !== undefined) return { ...found, run: (args) => found.call(args, context) };
    const hint =
      meant(callee.name, [], FUNCTION_NAMES) || `. The functions are ${FUNCTION_NAMES.join(', ')}.`;
    return { problem: `Unknown function \`${callee.name}\`${hint}`, span: callee.span };
  }
  const of = evaluateNode(callee.of, context);
  if (isProblem(of)) return of;
  const found = memberOf(of, callee.name, context);
  if (found === undefined) return noMember(callee, of, context);
  if (!('call' in found)) return { problem: `\`${callee.name}\` is not a function.`, span: callee.nameSpan };
  return { ...found, run: (args) => found.call(of as never, args, context) };
}

function evaluateCall(
  callee: NameNode | MemberNode,
  nodes: readonly Node[],
  span: Span,
  context: EvaluationContext,
): Value | ExpressionProblem {
  const target = evaluateCallee(callee, context);
  if (isProblem(target)) return target;
  const wrong = countProblem(target, nodes.length);
  if (wrong !== null) return { problem: wrong, span };
  const args: Value[] = [];
  for (const node of nodes) {
    const value = evaluateNode(node, context);
    if (isProblem(value)) return value;
    args.push(value);
  }
  return at(target.run(args), span);
}

function evaluateIndex(
  of: Node,
  indexNode: Node,
  span: Span,
  context: EvaluationContext,
): Value | ExpressionProblem {
  const value = evaluateNode(of, context);
  if (isProblem(value)) return value;
  const index = evaluateNode(indexNode, context);
  if (isProblem(index)) return index;
  if (value.kind !== 'list') return { problem: `Only a list can be indexed, not ${kindText(value)}.`, span };
  if (index.kind !== 'number')
    return { problem: `An index must be a number, not ${kindText(index)}.`, span: indexNode.span };
  if (index.value >= BigInt(value.count)) {
    const last = value.count === 0 ? 'the list is empty' : `the last is ${value.count - 1}`;
    return { problem: `There is no item ${index.value}: ${last}.`, span: indexNode.span };
  }
  return value.at(Number(index.value));
}

function evaluateBinary(
  node: Extract<Node, { readonly kind: 'binary' }>,
  context: EvaluationContext,
): Value | ExpressionProblem {
  const { operator, span } = node;
  const left = evaluateNode(node.left, context);
  if (isProblem(left)) return left;
  if (operator === '&&' && !holds(left)) return flag(false);
  if (operator === '||' && holds(left)) return flag(true);
  const right = evaluateNode(node.right, context);
  if (isProblem(right)) return right;
  if (operator === '&&' || operator === '||') return flag(holds(right));
  return at(applyOperator(operator, left, right), span);
}

/** Evaluates a tree. */
export function evaluateNode(node: Node, context: EvaluationContext): Value | ExpressionProblem {
  switch (node.kind) {
    case 'number':
      return { kind: 'number', value: node.value, unit: 'plain' };
    case 'word':
      return { kind: 'word', text: node.text };
    case 'name':
      return evaluateName(node, context);
    case 'member':
      return evaluateMember(node, context);
    case 'index':
      return evaluateIndex(node.of, node.index, node.span, context);
    case 'call':
      return evaluateCall(node.callee, node.args, node.span, context);
    case 'not': {
      const value = evaluateNode(node.of, context);
      return isProblem(value) ? value : flag(!holds(value));
    }
    case 'binary':
      return evaluateBinary(node, context);
  }
}

/** Parses and evaluates a text. */
export function evaluate(text: string, context: EvaluationContext): Value | ExpressionProblem {
  const node = parse(text);
  return isProblem(node) ? node : evaluateNode(node, context);
}
