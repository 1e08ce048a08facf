/**
 * The constants that `let` gives names to: from their statement on, and inside a block of a scenario only up
 * to its end. A name stands for one value: it cannot be given another.
 */
import { lastOf } from '../../simulator';
import type { Span } from '../tree/tree';

export interface Constant {
  readonly name: string;
  /** Null where the expression has an error: uses of the name are not complained about then. */
  readonly value: bigint | null;
  /** Of the name in its `let`. */
  readonly span: Span;
}

export interface Scope {
  /** Of the file, and of the block at hand if there is one. */
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
