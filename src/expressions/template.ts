/** Templates with expressions in braces, used for log messages: `gfns {gfns} of slot {slot}`. */
import { elementAt } from '../simulator';
import { evaluateNode } from './evaluate';
import type { EvaluationContext } from './evaluation-context';
import { parse } from './parse';
import { type ExpressionProblem, isProblem, type Node } from './tree';
import type { Value } from './value';

type Piece = { readonly text: string } | { readonly node: Node | ExpressionProblem };

export type Template = readonly Piece[];

/** Empty or unclosed braces are plain text. */
export function parseTemplate(text: string): Template {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(/\{([^{}]*[^{}\s][^{}]*)\}/g)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ node: parse(elementAt(match, 1)) });
    end = match.index + match[0].length;
  }
  return end < text.length ? [...pieces, { text: text.slice(end) }] : pieces;
}

/** The first expression that does not parse. */
export function templateProblem(template: Template): ExpressionProblem | null {
  for (const piece of template) {
    if ('node' in piece && isProblem(piece.node)) return piece.node;
  }
  return null;
}

/** The text with its expressions evaluated; errors are inserted in place. */
export function fillTemplate(
  template: Template,
  context: EvaluationContext,
  textOf: (value: Value) => string,
): string {
  const filled = template.map((piece) => {
    if ('text' in piece) return piece.text;
    const value = isProblem(piece.node) ? piece.node : evaluateNode(piece.node, context);
    return isProblem(value) ? `{${value.problem}}` : textOf(value);
  });
  return filled.join('');
}
