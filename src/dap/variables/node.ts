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
  readonly children?: Children | undefined;
  /** The memory that the row stands for, as hex viewers ask for it. */
  readonly memory?: string | undefined;
  /** The expression that gives the row's value: `slot(0)`. */
  readonly expression?: string | undefined;
  /** The same, where it goes on from the expression of the row above: `.gfns`, `[2]`. */
  readonly suffix?: string | undefined;
  /** What the suffixes of the rows below go on from, where that is not the row's own expression. */
  readonly base?: string | undefined;
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

// Written out: a spread of rows is what most of the time of an answer would go to.

/** The row, known as an expression; `base` is what its parts go on from, where that is another one. */
export function as(
  expression: string,
  { name, value, children, memory }: VariableNode,
  base?: string,
): VariableNode {
  return { name, value, children, memory, expression, suffix: undefined, base };
}

/** The row, known as a part of the row above: `.gfns`, `[2]`. */
export function suffixed(suffix: string, { name, value, children, memory }: VariableNode): VariableNode {
  return { name, value, children, memory, expression: undefined, suffix, base: undefined };
}

/** The row under another name. */
export function renamed(name: string, { value, children, memory, base }: VariableNode): VariableNode {
  return { name, value, children, memory, expression: undefined, suffix: undefined, base };
}

/** The row, with the memory that it stands for. */
export function withMemory(memory: string, row: VariableNode): VariableNode {
  return { ...row, memory };
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

/** At most this many ranges, or other items, stand in the row itself. */
export const MOST_ITEMS = 3;

/** The first of many texts, and how many there are. */
export function shortened(texts: readonly string[], count: number): string {
  const shown = texts.slice(0, MOST_ITEMS).join(', ');
  return count > MOST_ITEMS ? `${shown}, … (${count})` : shown;
}

/** `0x1, 0x4..0x8`, or `none`. */
export function rangesText(ranges: readonly Range[]): string {
  return ranges.length === 0 ? 'none' : shortened(ranges.slice(0, MOST_ITEMS).map(rangeText), ranges.length);
}

/** A row for a map of ranges: one child for each extent. */
export function extentList<V>(
  name: string,
  map: RangeMap<V>,
  node: (extent: Extent<V>) => VariableNode,
): VariableNode {
  return list(name, rangesText(map), map, (extent, index) => suffixed(`[${index}]`, node(extent)));
}

/** The same, with a text for each extent. */
export function rangeList<V>(
  name: string,
  map: RangeMap<V>,
  text: (extent: Extent<V>) => string,
): VariableNode {
  return extentList(name, map, (extent) => leaf(rangeText(extent), text(extent)));
}

/** `1 page`, `12 pages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
