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

/** The constants of the file, or of a block. */
interface Level {
  readonly constants: Map<string, Constant>;
  /** In the order in which they are defined. */
  readonly names: string[];
}

export interface Scope {
  /** Of the file, and of the block at hand if there is one. */
  readonly levels: Level[];
}

function newLevel(): Level {
  return { constants: new Map(), names: [] };
}

export function createScope(): Scope {
  return { levels: [newLevel()] };
}

export function openBlock(scope: Scope): void {
  scope.levels.push(newLevel());
}

export function closeBlock(scope: Scope): void {
  if (scope.levels.length > 1) scope.levels.pop();
}

export function lookUp({ levels }: Scope, name: string): Constant | undefined {
  for (const { constants } of levels) {
    const constant = constants.get(name);
    if (constant !== undefined) return constant;
  }
  return undefined;
}

export function define({ levels }: Scope, constant: Constant): void {
  const { constants, names } = lastOf(levels);
  if (!constants.has(constant.name)) names.push(constant.name);
  constants.set(constant.name, constant);
}

/** The last names that are defined, at most that many of the file and of the block. */
export function lastNamesIn({ levels }: Scope, most: number): readonly string[] {
  return levels.flatMap(({ names }) => names.slice(-most));
}
