/** Prints page-table entries. Numbers and ranges are printed as in the language. */
import type { SpteValue } from '../../simulator';

export { filePagesText, gfnText, hex, levelText, rangeText, rootGfnsText } from '../../language';

/** `1 page`, `12 pages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `none`, `table`, `mmio`, or the five letters of a leaf: read, write, exec, accessed, dirty. */
export function letters(value: SpteValue): string {
  if (typeof value === 'string') return value;
  if (value.kind === 'mmio') return 'mmio';
  const { writable, executable, accessed, dirty } = value;
  return `r${writable ? 'w' : '-'}${executable ? 'x' : '-'}${accessed ? 'a' : '-'}${dirty ? 'd' : '-'}`;
}
