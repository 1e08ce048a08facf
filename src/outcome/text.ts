/** Numbers and page-table entries in words. */
import type { SpteValue } from '../simulator/events';
import type { Range } from '../simulator/ranges';

export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/** `[0x801ff, 0x80200)`. */
export function rangeText({ start, end }: Range): string {
  return `[${hex(start)}, ${hex(end)})`;
}

/** `none`, `table`, `mmio`, or the five letters of a leaf: read, write, exec, accessed, dirty. */
export function letters(value: SpteValue): string {
  if (typeof value === 'string') return value;
  if (value.kind === 'mmio') return 'mmio';
  const { writable, executable, accessed, dirty } = value;
  return `r${writable ? 'w' : '-'}${executable ? 'x' : '-'}${accessed ? 'a' : '-'}${dirty ? 'd' : '-'}`;
}

/** `gfn 0x90000` for a single page, `gfn [0x90000, 0x90002)` for more. */
export function gfnText({ start, end }: Range): string {
  return end - start === 1 ? `gfn ${hex(start)}` : `gfn ${rangeText({ start, end })}`;
}

const LEVELS = ['4K', '2M', '1G', '512G'];

/** Size of what an entry of `level` maps. */
export function levelText(level: number): string {
  return LEVELS[level - 1] ?? `level ${level}`;
}
