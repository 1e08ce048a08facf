import { type ArgumentPart, argumentsOf, pageLabel } from '../table/syntax';
import { type NumberNode, numberFor, type Statement } from './tree';

/** Where a statement is about a range: the argument at which it begins, and its size. */

export interface Extent {
  readonly part: ArgumentPart;
  readonly start: NumberNode;
  readonly sizePart: ArgumentPart;
  /** Behind `..` where it is written as the end of the range. */
  readonly size: NumberNode;
}

/** The range of a statement; null where it has none, or a part of it is missing. */
export function extentOf(statement: Statement): Extent | null {
  const { required } = statement.spec;
  const at = required.findIndex((part) => part.kind === 'argument' && part.role === 'size');
  const [part, sizePart] = [required[at - 1], required[at]];
  if (part?.kind !== 'argument' || sizePart?.kind !== 'argument' || pageLabel(part) === null) return null;
  const start = numberFor(statement, part.role);
  const size = numberFor(statement, sizePart.role);
  return start === undefined || size === undefined ? null : { part, start, sizePart, size };
}

/** The argument that a number of the statement is the value of. */
export function partOf(statement: Statement, node: NumberNode): ArgumentPart | null {
  return argumentsOf(statement.spec).find(({ role }) => numberFor(statement, role) === node) ?? null;
}
