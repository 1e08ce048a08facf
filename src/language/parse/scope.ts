/**
 * The constants of `let`. They are known from their statement on, and those of a scenario's block only until its end. A
 * constant cannot be redefined.
 */
import { lastOf } from '../../simulator';
import type { Span } from '../tree/tree';

export interface Constant {
  readonly name: string;
  /** Null if the expression has an error; uses of the name are not reported then. */
  readonly value: bigint | null;
  /** The span of the name in its `let`. */
  readonly span: Span;
}

export interface Scope {
  /** The constants of the file, and of the current block if there is one. */
  readonly levels: Map<string, Constant>[];
}

export function createScope(): Scope {
  return { levels: [new Map()] };
}

export function openBlock(scope: Scope): void {
  scope.levels.push(new Map());
}

export function closeBlock(scope: Scope): void {
  if (scope.levels.length > 1) scope.levels.pop();
}

export function lookUp({ levels }: Scope, name: string): Constant | undefined {
  return levels.map((level) => level.get(name)).find((constant) => constant !== undefined);
}

export function define({ levels }: Scope, constant: Constant): void {
  lastOf(levels).set(constant.name, constant);
}

export function namesIn({ levels }: Scope): readonly string[] {
  return levels.flatMap((level) => [...level.keys()]);
}
