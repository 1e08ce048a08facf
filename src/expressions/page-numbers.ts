/** Reads page numbers from function arguments. A plain number is an address in bytes. */
import { bytesOf, PAGE_SIZE, pageOf, type Range } from '../simulator';
import type { Found } from './members/member';
import { kindText, type Value } from './value';

/** The byte address a value stands for; null if it is not an address. */
export function addressOf(value: Value | undefined): bigint | null {
  if (value?.kind === 'number') {
    if (value.unit === 'gfn') return bytesOf(Number(value.value));
    return value.unit === 'pfn' || value.unit === 'page' ? null : value.value;
  }
  return value?.kind === 'range' && value.unit === 'gfn' ? bytesOf(value.start) : null;
}

/** The gfns of an address and a size (default: one page). A range of gfns is returned unchanged. */
export function addressAndSize(
  [address, size]: readonly (Value | undefined)[],
  found: (gfns: Range) => Found,
): Found {
  if (address?.kind === 'range' && address.unit === 'gfn' && size === undefined) return found(address);
  const gpa = addressOf(address);
  if (gpa === null || gpa < 0n) return { problem: `Expected an address or a gfn, not ${kindOf(address)}.` };
  if (size !== undefined && (size.kind !== 'number' || size.value < 0n)) {
    return { problem: `Expected a size in bytes, not ${kindOf(size)}.` };
  }
  const bytes = size?.kind === 'number' ? size.value : 1n;
  const start = pageOf(gpa);
  return found({ start, end: Math.max(start, pageOf(gpa + bytes + PAGE_SIZE - 1n)) });
}

function kindOf(value: Value | undefined): string {
  return value === undefined ? 'nothing' : kindText(value);
}

/** A number of pages, an index or an id, if it is an exact integer. */
export function pageIndex(value: Value | undefined, found: (page: number) => Found): Found {
  if (value?.kind !== 'number') return { problem: `Expected a number, not ${kindOf(value)}.` };
  if (value.unit === 'bytes') return { problem: 'Expected a page number, not bytes: divide by 4K.' };
  const number = Number(value.value);
  return Number.isSafeInteger(number) && number >= 0
    ? found(number)
    : { problem: `There is no page ${value.value}.` };
}
