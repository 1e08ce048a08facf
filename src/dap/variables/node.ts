/** Rows of the variables view: a tree whose rows are made when they are asked for. */
import { rangeText } from '../../outcome';
import type { Extent, Range, RangeMap } from '../../simulator/ranges';

export type Children =
  | { readonly kind: 'named'; readonly nodes: () => readonly VariableNode[] }
  /** A list that clients ask for part by part. */
  | { readonly kind: 'indexed'; readonly count: number; readonly node: (index: number) => VariableNode };

export interface VariableNode {
  readonly name: string;
  readonly value: string;
  readonly children?: Children;
  /** The expression that gives the row's value: `slot(0)`. */
  readonly expression?: string;
  /** The same, where it goes on from the expression of the row above: `.gfns`, `[2]`. */
  readonly suffix?: string;
  /** What the suffixes of the rows below go on from, where that is not the row's own expression. */
  readonly base?: string;
}

/** Rows below one of the machine's things that are not about it as it is. */
export type MoreRows<T> = (of: T) => readonly VariableNode[];

/** A row without children. */
export function leaf(name: string, value: string): VariableNode {
  return { name, value };
}

/** A row without children that is the part `.name` of the one above, or another part of it. */
export function part(name: string, value: string, member = name): VariableNode {
  return { name, value, suffix: `.${member}` };
}

/** A row with a fixed set of parts. */
export function branch(name: string, value: string, nodes: () => readonly VariableNode[]): VariableNode {
  return { name, value, children: { kind: 'named', nodes } };
}

/** The row, known as an expression. */
export function as(expression: string, node: VariableNode): VariableNode {
  return { ...node, expression };
}

/** The row, known as a part of the row above. */
export function partAs(member: string, node: VariableNode): VariableNode {
  return { ...node, suffix: `.${member}` };
}

/** A row with as many children as `items`; none where there are no items. */
export function list<T>(
  name: string,
  value: string,
  items: readonly T[],
  node: (item: T, index: number) => VariableNode,
): VariableNode {
  return items.length === 0 ? { name, value } : { name, value, children: listed(items, node) };
}

export function listed<T>(items: readonly T[], node: (item: T, index: number) => VariableNode): Children {
  return { kind: 'indexed', count: items.length, node: (index) => node(items[index]!, index) };
}

/** At most this many ranges stand in the row itself. */
const MOST_RANGES = 3;

/** `[0x1, 0x2), [0x4, 0x8)`, or `none`. */
export function rangesText(ranges: readonly Range[]): string {
  if (ranges.length === 0) return 'none';
  const shown = ranges.slice(0, MOST_RANGES).map(rangeText).join(', ');
  return ranges.length > MOST_RANGES ? `${shown}, … (${ranges.length} ranges)` : shown;
}

/** A row for a map of ranges: one child for each extent. */
export function rangeList<V>(
  name: string,
  map: RangeMap<V>,
  text: (extent: Extent<V>) => string,
): VariableNode {
  return list(name, rangesText(map), map, (extent, index) => ({
    ...leaf(rangeText(extent), text(extent)),
    suffix: `[${index}]`,
  }));
}

/** `1 page`, `12 pages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
