/** Prints the error code of a nested page fault. */
import { PFERR_NAMES } from '../../simulator';
/** `WRITE|USER|GUEST_FINAL`: the names of the bits that are set, lowest first. */
export function errorCodeNames(code: bigint): string {
  const known = PFERR_NAMES.filter(([mask]) => (code & mask) !== 0n).map(([, name]) => name);
  const rest = PFERR_NAMES.reduce((left, [mask]) => left & ~mask, code);
  if (rest !== 0n) known.push(`0x${rest.toString(16)}`);
  return known.join('|') || '0';
}
