/** The TDP page tables as a tree of ranges: adjacent equal entries share a row. */
import { counted, hex, letters, levelText, rangeText } from '../../outcome';
import {
  bytesOf,
  type Extent,
  type Leaf,
  type Level,
  type Range,
  type Root,
  type VmState,
  within,
} from '../../simulator';
import { memoryReference } from '../memory/reference';
import { slotsText } from './memslots';
import { as, branch, leaf, list, part, type VariableNode, withMemory } from './node';

type Row =
  | (Range & { readonly kind: 'table'; readonly level: 2 | 3 | 4 })
  | (Extent<Leaf> & { readonly kind: 'leaf' });

function frameText({ start, end, value }: Extent<Leaf>): string {
  if (value.kind === 'mmio') return `generation ${value.generation}`;
  const owner = value.backing === 'gmem' ? 'guest_memfd' : 'userspace';
  if (value.frame === 'zero') return `zero page, ${owner}`;
  return `pfn ${rangeText({ start: start + value.frame, end: end + value.frame })}, ${owner}`;
}

function leafRows({ start, end, value }: Extent<Leaf>): readonly VariableNode[] {
  const mapped = value.kind === 'mapped' ? value : null;
  const rows = [
    part('gfns', rangeText({ start, end })),
    part('level', levelText(value.level)),
    part('access', letters(value)),
  ];
  if (mapped === null) return rows;
  const { frame, backing } = mapped;
  const pfns = frame === 'zero' ? 'zero page' : rangeText({ start: start + frame, end: end + frame });
  return [...rows, part('pfns', pfns), part('backing', backing === 'gmem' ? 'guest_memfd' : 'userspace')];
}

export function leafNode(vm: VmState, extent: Extent<Leaf>): VariableNode {
  const { start, end, value } = extent;
  const parts = [
    `${levelText(value.level)} ${letters(value)}`,
    frameText(extent),
    slotsText(vm, start, end),
  ].filter((text) => text !== '');
  const row = branch(rangeText(extent), parts.join(', '), () => leafRows(extent));
  if (value.kind === 'mmio') return row;
  // What the SPTE maps, even if it is stale; all gfns of the zero page map the same page.
  const pfn = value.frame === 'zero' ? 0 : start + value.frame;
  return withMemory(memoryReference({ kind: 'host' }, pfn), row);
}

/** Entries of `level` inside the range: tables, and leaves of that level. */
function rowsOf(root: Root, { start, end }: Range, level: Level): readonly Row[] {
  const tables = level === 1 ? [] : within(root.tables[level], start, end);
  const leaves = within(root.leaves, start, end).filter(({ value }) => value.level === level);
  const rows: Row[] = [
    ...tables.map((range) => ({
      start: range.start,
      end: range.end,
      kind: 'table' as const,
      level: level as 2,
    })),
    ...leaves.map((extent) => ({ ...extent, kind: 'leaf' as const })),
  ];
  return rows.sort((a, b) => a.start - b.start);
}

/** @param of The expression of the root. */
function rowNode(vm: VmState, root: Root, row: Row, of: string): VariableNode {
  if (row.kind === 'leaf') {
    const [gpa, size] = [bytesOf(row.start), bytesOf(row.end - row.start)].map(hex);
    return as(`${of}.sptes(${gpa}, ${size})`, { ...leafNode(vm, row), children: undefined });
  }
  const below = (row.level - 1) as Level;
  const entries = Math.ceil((row.end - row.start) / 512 ** (row.level - 1));
  const value = `${counted(entries, 'table')} of ${levelText(below)} entries`;
  return list(rangeText(row), value, rowsOf(root, row, below), (child) => rowNode(vm, root, child, of));
}

/** Only TDX guests have two kinds of roots. */
function kindText({ type }: VmState, { kind }: Root): string {
  if (type !== 'tdx') return '';
  return kind === 'mirror' ? 'mirror (private memory), ' : 'direct (shared memory), ';
}

/** @param of The expression of the root. */
export function rootNode(vm: VmState, root: Root, of = `root(${root.id})`): VariableNode {
  const everything = { start: 0, end: Number.MAX_SAFE_INTEGER };
  const users = vm.vcpus.flatMap(({ root: direct, mirrorRoot }, id) =>
    direct === root.id || mirrorRoot === root.id ? [id] : [],
  );
  const loaded = users.length === 0 ? 'not loaded' : `loaded by vCPU ${users.join(', ')}`;
  const rows = rowsOf(root, everything, 4);
  const empty = rows.length === 0 ? ', empty' : '';
  const value = `${kindText(vm, root)}${root.invalid ? 'invalid, ' : ''}${loaded}${empty}`;
  return as(
    of,
    list(`root ${root.id}`, value, rows, (row) => rowNode(vm, root, row, of)),
  );
}

/** @param of The expression of their VM, with a dot; empty for the current VM. */
export function pageTableNodes(vm: VmState, of = ''): readonly VariableNode[] {
  if (vm.roots.length === 0) return [leaf('roots', 'none: no vCPU has run')];
  return vm.roots.map((root, at) => rootNode(vm, root, of === '' ? undefined : `${of}roots[${at}]`));
}
