/** Prints numbers and ranges in the form of expectations. */
import type { Range } from '../../simulator';
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/** `0x801ff..0x80202`, half-open; `0x801ff` for a single page. */
export function rangeText({ start, end }: Range): string {
  return end - start === 1 ? hex(start) : `${hex(start)}..${hex(end)}`;
}

export function gfnText(range: Range): string {
  return `gfn ${rangeText(range)}`;
}

const LEVELS = ['4K', '2M', '1G', '512G'];

/** The size that an entry of `level` maps. */
export function levelText(level: number): string {
  return LEVELS[level - 1] ?? `level ${level}`;
}

/** `page 0x1ff`, or `pages 0x1ff..0x202, 0x300`. */
export function filePagesText(ranges: readonly Range[]): string {
  const [first] = ranges;
  const single = ranges.length === 1 && first !== undefined && first.end - first.start === 1;
  return `${single ? 'page' : 'pages'} ${ranges.map(rangeText).join(', ')}`;
}
