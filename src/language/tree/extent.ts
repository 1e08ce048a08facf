import { type ArgumentPart, argumentsOf, pageLabel } from '../table/syntax';
import { type NumberNode, numberFor, type Statement } from './tree';

/** The range on which a statement operates: the argument that gives its start, and its size. */

export interface Extent {
  readonly part: ArgumentPart;
  readonly start: NumberNode;
  readonly sizePart: ArgumentPart;
  /** The size, or the number after `..` if the end is given instead. */
  readonly size: NumberNode;
}

/** The range of a statement; null if it has none, or a part of it is missing. */
export function extentOf(statement: Statement): Extent | null {
  const { required } = statement.spec;
  const at = required.findIndex((part) => part.kind === 'argument' && part.role === 'size');
  const [part, sizePart] = [required[at - 1], required[at]];
  if (part?.kind !== 'argument' || sizePart?.kind !== 'argument' || pageLabel(part) === null) return null;
  const start = numberFor(statement, part.role);
  const size = numberFor(statement, sizePart.role);
  return start === undefined || size === undefined ? null : { part, start, sizePart, size };
}

/** The argument whose value is the given number. */
export function partOf(statement: Statement, node: NumberNode): ArgumentPart | null {
  return argumentsOf(statement.spec).find(({ role }) => numberFor(statement, role) === node) ?? null;
}
