/**
 * Numbers of the language: decimal, `0x` hex, `_` between digits, a suffix for powers of 1024, and
 * never more than 64 bits.
 */

import { elementAt } from '../../simulator';

export const MAX_U64 = (1n << 64n) - 1n;

/** struct kvm_userspace_memory_region2 has a u32 for the id of a slot. */
export const MAX_SLOT_ID = (1n << 32n) - 1n;

/** Suffixes with the shift each stands for. */
const SUFFIXES: Readonly<Record<string, bigint>> = { K: 10n, M: 20n, G: 30n, T: 40n };

/** `2M`, `3312K`, `4097`: with the largest suffix that leaves nothing over. */
export function suffixed(value: bigint): string {
  if (value === 0n) return '0';
  const found = Object.entries(SUFFIXES).findLast(([, shift]) => value % (1n << shift) === 0n);
  return found === undefined ? String(value) : `${value >> found[1]}${found[0]}`;
}

export type NumberResult = { value: bigint } | { problem: 'malformed' | 'too-large' };

/** Digits that may be significant in 64 bits; with more, the number is too large whatever they are. */
const MOST_DIGITS = 20;

const DECIMAL = /^(\d(?:[\d_]*\d)?)([KMGT]?)$/;
const HEX = /^0x([\da-fA-F](?:[\da-fA-F_]*[\da-fA-F])?)([KMGT]?)$/;

/** Reads a number; linear in its length however many digits it has. */
export function readNumber(text: string): NumberResult {
  const hex = HEX.exec(text);
  const match = hex ?? DECIMAL.exec(text);
  if (match === null) return { problem: 'malformed' };
  const digits = elementAt(match, 1)
    .replaceAll('_', '')
    .replace(/^0+(?=.)/, '');
  // Converting thousands of digits takes quadratic time, and the answer is known.
  if (digits.length > MOST_DIGITS) return { problem: 'too-large' };
  const value = BigInt(hex ? `0x${digits}` : digits) << (SUFFIXES[elementAt(match, 2)] ?? 0n);
  return value > MAX_U64 ? { problem: 'too-large' } : { value };
}
