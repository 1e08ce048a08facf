/** The syntax tree of an expression. */

/** Half-open range of UTF-16 offsets in the text of the expression. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const OPERATORS = [
  '||',
  '&&',
  '==',
  '!=',
  '<=',
  '>=',
  '<<',
  '>>',
  '<',
  '>',
  '|',
  '&',
  '+',
  '-',
  '*',
  '/',
  '%',
] as const;

export type Operator = (typeof OPERATORS)[number];

export interface NameNode {
  readonly kind: 'name';
  readonly span: Span;
  readonly name: string;
}

export interface MemberNode {
  readonly kind: 'member';
  readonly span: Span;
  readonly of: Node;
  readonly name: string;
  readonly nameSpan: Span;
}

export type Node =
  | { readonly kind: 'number'; readonly span: Span; readonly value: bigint }
  /** A word in quotes: `"memory-fault"`. */
  | { readonly kind: 'word'; readonly span: Span; readonly text: string }
  | NameNode
  | MemberNode
  | { readonly kind: 'index'; readonly span: Span; readonly of: Node; readonly index: Node }
  | {
      readonly kind: 'call';
      readonly span: Span;
      readonly callee: NameNode | MemberNode;
      readonly args: readonly Node[];
    }
  | { readonly kind: 'not'; readonly span: Span; readonly of: Node }
  | {
      readonly kind: 'binary';
      readonly span: Span;
      readonly operator: Operator;
      readonly left: Node;
      readonly right: Node;
    };

/** An error in an expression; `problem` is the message for the user. */
export interface ExpressionProblem {
  readonly problem: string;
  readonly span: Span;
}

export function isProblem<T extends object>(value: T): value is Extract<T, { readonly problem: string }> {
  return 'problem' in value;
}
