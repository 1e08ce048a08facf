/** Converts raw page-table entries of the tracepoint to the words of the recordings. */

const PRESENT = 1n;
const WRITABLE = 1n << 1n;
const ACCESSED = 1n << 5n;
const DIRTY = 1n << 6n;
const LARGE = 1n << 7n;
const MMIO = 1n << 51n;
const NO_EXECUTE = 1n << 63n;

/**
 * `none`, `table`, `mmio`, or the five letters of a leaf. The value of an entry while its table is torn down differs
 * between kernels, but is never present: `none`.
 * @param level 1 for 4 KiB.
 */
export function describeSpte(value: bigint, level: number): string {
  const has = (bit: bigint) => (value & bit) !== 0n;
  if (!has(PRESENT)) return 'none';
  if (has(MMIO)) return 'mmio';
  if (level > 1 && !has(LARGE)) return 'table';
  const letter = (shown: boolean, text: string) => (shown ? text : '-');
  return [
    'r',
    letter(has(WRITABLE), 'w'),
    letter(!has(NO_EXECUTE), 'x'),
    letter(has(ACCESSED), 'a'),
    letter(has(DIRTY), 'd'),
  ].join('');
}
