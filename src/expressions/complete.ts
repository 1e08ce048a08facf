/** What can be typed at the end of an unfinished expression. */
import { elementAt } from '../simulator';
import { evaluate, namesIn } from './evaluate';
import type { EvaluationContext } from './evaluation-context';
import { FUNCTIONS } from './functions';
import { type Token, tokenize } from './lexer';
import { membersOf } from './members';
import { NAMES } from './names';
import { isProblem } from './tree';

export interface Completion {
  readonly label: string;
  /** A short description; empty if the name is enough. */
  readonly doc: string;
  readonly kind: 'local' | 'file' | 'name' | 'function' | 'member' | 'method';
  /** Number of characters before the cursor that it replaces. */
  readonly replaces: number;
}

const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

/** Index of the first token of the operand that ends at `last`; skips bracketed groups. */
function operandStart(tokens: readonly Token[], last: number): number {
  let at = last;
  for (;;) {
    const opening = OPENING[tokens[at]?.text ?? ''];
    if (opening !== undefined) {
      const closing = elementAt(tokens, at).text;
      for (let depth = 0; at >= 0; at--) {
        if (elementAt(tokens, at).text === closing) depth++;
        else if (elementAt(tokens, at).text === opening && --depth === 0) break;
      }
      // The operand that is called or indexed precedes the bracket.
      const before = tokens[at - 1];
      if (before?.kind === 'name' || before?.text === ')' || before?.text === ']') {
        at--;
        continue;
      }
    }
    if (tokens[at - 1]?.text !== '.') return Math.max(0, at);
    at -= 2;
  }
}

function partsOf(operand: string, context: EvaluationContext, replaces: number): readonly Completion[] {
  const value = evaluate(operand, context);
  if (isProblem(value)) return [];
  return membersOf(value, context).map(({ name, doc, called }) => {
    return { label: name, doc, kind: called ? 'method' : 'member', replaces };
  });
}

function namesAnywhere(context: EvaluationContext, replaces: number): readonly Completion[] {
  const { locals, state } = context;
  const always = new Map(NAMES.map(({ name, doc }) => [name, doc]));
  const names = [...new Set(namesIn(context))].map((label): Completion => {
    if (Object.hasOwn(locals, label)) return { label, doc: 'local of this frame', kind: 'local', replaces };
    if (Object.hasOwn(state.descriptors, label)) return { label, doc: 'guest_memfd', kind: 'file', replaces };
    return { label, doc: always.get(label) ?? '', kind: 'name', replaces };
  });
  const functions = FUNCTIONS.map(({ name, parameters, doc }): Completion => {
    return { label: name, doc: `(${parameters.join(', ')}) ${doc}`, kind: 'function', replaces };
  });
  return [...names, ...functions];
}

/** Completions for the text up to the cursor. */
export function complete(before: string, context: EvaluationContext): readonly Completion[] {
  const tokens = tokenize(before).slice(0, -1);
  const last = tokens.at(-1);
  // The rest of a number or a quoted word cannot be guessed.
  const touches = last !== undefined && last.span.end === before.length;
  if (touches && (last.kind === 'number' || last.kind === 'quoted')) return [];
  const typed = touches && last.kind === 'name' ? last.text.length : 0;
  const dot = typed > 0 ? tokens.length - 2 : tokens.length - 1;
  if (tokens[dot]?.text !== '.') return namesAnywhere(context, typed);
  if (dot === 0) return [];
  const start = elementAt(tokens, operandStart(tokens, dot - 1)).span.start;
  return partsOf(before.slice(start, elementAt(tokens, dot).span.start), context, typed);
}
