/** Rows of the variables view: a tree that is built lazily. */
import { rangeText } from '../../outcome';
import { type Extent, elementAt, type Range, type RangeMap } from '../../simulator';
export type Children =
  | { readonly kind: 'named'; readonly nodes: () => readonly VariableNode[] }
  /** A list that clients request in parts. */
  | { readonly kind: 'indexed'; readonly count: number; readonly node: (index: number) => VariableNode };

export interface VariableNode {
  readonly name: string;
  readonly value: string;
  readonly children?: Children | undefined;
  /** The memory reference of the row, for hex viewers. */
  readonly memory?: string | undefined;
  /** The expression for the row's value: `slot(0)`. */
  readonly expression?: string | undefined;
  /** Suffix to the expression of the parent row: `.gfns`, `[2]`. */
  readonly suffix?: string | undefined;
  /** The expression that suffixes of child rows extend, if it is not the row's own. */
  readonly base?: string | undefined;
}

/** Additional rows below a slot or a file. */
export type MoreRows<T> = (of: T) => readonly VariableNode[];

/** A row without children. */
export function leaf(name: string, value: string): VariableNode {
  return { name, value };
}

/** A row without children that is a member of its parent: `.name`, or `member`. */
export function part(name: string, value: string, member = name): VariableNode {
  return { name, value, suffix: `.${member}` };
}

/** A row with a fixed set of parts. */
export function branch(name: string, value: string, nodes: () => readonly VariableNode[]): VariableNode {
  return { name, value, children: { kind: 'named', nodes } };
}

// Written out, because spreading rows would dominate the response time.

/** The row with its expression; `base` is the expression its members extend, if different. */
export function as(
  expression: string,
  { name, value, children, memory }: VariableNode,
  base?: string,
): VariableNode {
  return { name, value, children, memory, expression, suffix: undefined, base };
}

/** The row with its suffix to the parent's expression: `.gfns`, `[2]`. */
export function suffixed(suffix: string, { name, value, children, memory }: VariableNode): VariableNode {
  return { name, value, children, memory, expression: undefined, suffix, base: undefined };
}

/** The row under another name. */
export function renamed(name: string, { value, children, memory, base }: VariableNode): VariableNode {
  return { name, value, children, memory, expression: undefined, suffix: undefined, base };
}

/** The row with its memory reference. */
export function withMemory(memory: string, row: VariableNode): VariableNode {
  return { ...row, memory };
}

/** A row with one child per item. */
export function list<T>(
  name: string,
  value: string,
  items: readonly T[],
  node: (item: T, index: number) => VariableNode,
): VariableNode {
  return items.length === 0 ? { name, value } : { name, value, children: listed(items, node) };
}

export function listed<T>(items: readonly T[], node: (item: T, index: number) => VariableNode): Children {
  return { kind: 'indexed', count: items.length, node: (index) => node(elementAt(items, index), index) };
}

/** Maximum number of ranges or items listed in the row itself. */
export const MOST_ITEMS = 3;

/** The first texts of a list, and the total count if some are omitted. */
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

/** A row for a map of ranges, with a text for each extent. */
export function rangeList<V>(
  name: string,
  map: RangeMap<V>,
  text: (extent: Extent<V>) => string,
): VariableNode {
  return extentList(name, map, (extent) => leaf(rangeText(extent), text(extent)));
}

export function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
