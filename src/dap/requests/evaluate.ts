/** Requests about expressions: evaluation and completion. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  complete,
  type EvaluationContext,
  evaluateNode,
  isProblem,
  kindText,
  parse,
} from '../../expressions';
import { firstOf } from '../../simulator';
import { count, optionalCount, optionalText } from '../arguments';
import { columnFrom, lineFrom } from '../client';
import { statementWords } from '../console-completion';
import type { Context, Handler, Reply } from '../context';
import { RequestError } from '../errors';
import { leaf } from '../variables/node';
import { valueNode } from '../variables/values';
import { belowOf } from '../variables/view';
import { answerLine, COMMANDS, isStatement, leavingSlice } from './console';
import { evaluationContextFor } from './frames';
import { movingReply } from './running';

/** The prefix of expressions for members of the value: `slot(0).gfns`, `(a + b).count`. */
function baseOf(text: string, kind: string): string {
  return kind === 'binary' || kind === 'not' ? `(${text})` : text;
}

function evaluated(context: Context, text: string, evaluation: EvaluationContext): Reply {
  const node = parse(text);
  const value = isProblem(node) ? node : evaluateNode(node, evaluation);
  if (isProblem(node) || isProblem(value))
    throw new RequestError((value as { problem: string }).problem, true);
  const row = valueNode('', value);
  const below = belowOf(context.children, row, baseOf(text, node.kind), evaluation);
  const memory = row.memory === undefined ? {} : { memoryReference: row.memory };
  return { body: { result: row.value, type: kindText(value), ...below, ...memory } };
}

export const evaluate: Handler = (context, args) => {
  const text = optionalText(args, 'expression') ?? '';
  const evaluation = evaluationContextFor(context, args);
  if (optionalText(args, 'context') !== 'repl') {
    if (isStatement(text, evaluation)) {
      throw new RequestError('Statements run only in the debug console.', true);
    }
    return evaluated(context, text, evaluation);
  }
  return answered(context, text, evaluation);
};

async function answered(context: Context, text: string, evaluation: EvaluationContext): Promise<Reply> {
  const answer = await answerLine(context, text, evaluation);
  if (answer === null) return evaluated(context, text, evaluation);
  const { value, tell = () => {} } = answer;
  const row = value === undefined ? leaf('', '') : valueNode('', value);
  const below = belowOf(context.children, row, undefined, answer.evaluation);
  return { body: { result: answer.text, ...below }, after: tell };
}

/** `gmemscope/leaveBranch`: what `back` does in the console. */
export const leave: Handler = (context) => {
  const slice = leavingSlice(context);
  return movingReply(context, slice);
};

/** Maximum number of items per response. */
const MOST_ITEMS = 500;

const TYPES = {
  local: 'variable',
  file: 'file',
  name: 'property',
  function: 'function',
  member: 'field',
  method: 'method',
} as const;

interface Offered {
  readonly label: string;
  readonly doc: string;
  readonly type: DebugProtocol.CompletionItemType;
  readonly replaces: number;
}

/** All completions of a text. Once a statement has begun, expressions are not offered. */
function offers(before: string, evaluation: EvaluationContext): readonly Offered[] {
  const { words, replaces, begun } = statementWords(before, evaluation);
  const statements = words.map((word): Offered => ({ ...word, type: 'keyword', replaces }));
  if (begun) return statements;
  const commands = /^\s*\w*$/.test(before)
    ? COMMANDS.map(({ usage, doc }): Offered => {
        return { label: firstOf(usage.split(' ')), doc, type: 'snippet', replaces };
      })
    : [];
  const names = complete(before, evaluation).map(({ label, doc, kind, replaces: typed }): Offered => {
    return { label, doc, type: TYPES[kind], replaces: typed };
  });
  // No statement can begin after an operator or a dot.
  return /^\s*\w*$/.test(before) ? [...names, ...commands, ...statements] : names;
}

export const completions: Handler = (context, args) => {
  const lines = (optionalText(args, 'text') ?? '').split('\n');
  const line = optionalCount(args, 'line');
  const at = line === undefined ? lines.length - 1 : lineFrom(context.client, line) - 1;
  const column = columnFrom(context.client, count(args, 'column'));
  const before = [...lines.slice(0, at), (lines[at] ?? '').slice(0, Math.max(0, column - 1))].join('\n');
  const targets = offers(before, evaluationContextFor(context, args))
    .slice(0, MOST_ITEMS)
    .map(
      ({ label, doc, type, replaces }, order): DebugProtocol.CompletionItem => ({
        label,
        type,
        ...(doc === '' ? {} : { detail: doc }),
        sortText: String(order).padStart(4, '0'),
        start: before.length - replaces,
        length: replaces,
      }),
    );
  return { body: { targets } };
};
