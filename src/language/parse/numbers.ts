/** Numbers: decimal or `0x` hex, with `_` between digits and a suffix for powers of 1024; at most 64 bits. */

import { elementAt } from '../../simulator';

export const MAX_U64 = (1n << 64n) - 1n;

/** The id of a slot is a u32 in struct kvm_userspace_memory_region2. */
export const MAX_SLOT_ID = (1n << 32n) - 1n;

/** The shift of each suffix. */
const SUFFIXES: Readonly<Record<string, bigint>> = { K: 10n, M: 20n, G: 30n, T: 40n };

/** `2M`, `3312K`, `4097`: the value with the largest suffix that divides it. */
export function suffixed(value: bigint): string {
  if (value === 0n) return '0';
  const found = Object.entries(SUFFIXES).findLast(([, shift]) => value % (1n << shift) === 0n);
  return found === undefined ? String(value) : `${value >> found[1]}${found[0]}`;
}

export type NumberResult = { value: bigint } | { problem: 'malformed' | 'too-large' };

/** The maximum number of significant digits of a 64-bit value; a number with more digits is too large. */
const MOST_DIGITS = 20;

const DECIMAL = /^(\d(?:[\d_]*\d)?)([KMGT]?)$/;
const HEX = /^0x([\da-fA-F](?:[\da-fA-F_]*[\da-fA-F])?)([KMGT]?)$/;

/** Parses a number, in time linear in its length. */
export function readNumber(text: string): NumberResult {
  const hex = HEX.exec(text);
  const match = hex ?? DECIMAL.exec(text);
  if (match === null) return { problem: 'malformed' };
  const digits = elementAt(match, 1)
    .replaceAll('_', '')
    .replace(/^0+(?=.)/, '');
  // Converting thousands of digits would take quadratic time.
  if (digits.length > MOST_DIGITS) return { problem: 'too-large' };
  const value = BigInt(hex ? `0x${digits}` : digits) << (SUFFIXES[elementAt(match, 2)] ?? 0n);
  return value > MAX_U64 ? { problem: 'too-large' } : { value };
}
