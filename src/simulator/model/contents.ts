/**
 * Contents of memory: the bytes that were written, by page and offset; all other bytes are zero.
 *
 * With memory encryption, each byte has the key with which it was written; a reader with another key gets ciphertext.
 * This is general knowledge of TDX and of the APM (volume 2, SEV and SEV-SNP: the ASID selects the key, and the C-bit of
 * an access says whether a key is used). The bytes of ciphertext are not simulated.
 */
import {
  type Extent,
  put,
  type Range,
  type RangeMap,
  type RangeSet,
  remove,
  valueAt,
  within,
} from '../ranges';

/** The host, and every access without a C-bit, uses no key. The key of a guest is its ASID. */
export const NO_KEY = 0;

/** A byte that was written, and the key with which it was written. */
export interface KeyedByte {
  readonly key: number;
  readonly byte: number;
}

/** Contents of a page. */
export interface PageContents {
  /** Initial contents of the whole page: zeroes, or the VMM's launch data, which a scenario does not specify. */
  readonly fill: 'zeroes' | 'given';
  /** Key with which it was filled. */
  readonly key: number;
  /** Offsets in the page, 0 to 4095. */
  readonly bytes: RangeMap<KeyedByte>;
}

/** pfn to contents; absent pages are zeroes without a key, like a page that the kernel has just allocated. */
export type Contents = RangeMap<PageContents>;

/** Why a byte has no known value: it has another key, it is launch data, or its page was freed. */
export type Unreadable = 'ciphertext' | 'given' | 'freed';

const BYTES_OF_PAGE = 4096;

/** Bytes of an access by a vCPU, or by the VMM with a value. */
const ACCESS_BYTES = 4;

const NO_BYTES: RangeMap<KeyedByte> = [];
const ZEROED: PageContents = { fill: 'zeroes', key: NO_KEY, bytes: NO_BYTES };

/** A byte of host memory. */
export interface BytePlace {
  readonly pfn: number;
  /** In the page, 0 to 4095. */
  readonly offset: number;
}

/** What a state says of the contents of memory. */
interface Memory {
  readonly contents: Contents;
  /** pfns that were handed out and given back. */
  readonly freed: RangeSet;
}

/** pfns become zeroes without a key: the kernel clears them (clear_highpage) through its direct map. */
export function clearPages<S extends Memory>(state: S, { start, end }: Range): S {
  const contents = remove(state.contents, start, end);
  return contents === state.contents ? state : { ...state, contents };
}

/** Fills pfns with initial contents, written with a key. */
export function fillPages<S extends Memory>(
  state: S,
  { start, end }: Range,
  fill: PageContents['fill'],
  key: number,
): S {
  return { ...state, contents: put(state.contents, start, end, { fill, key, bytes: NO_BYTES }) };
}

/** Frees pfns: from now on their contents are unknown. The simulator allocates no page twice. */
export function freePages<S extends Memory>(state: S, ranges: readonly Range[]): S {
  if (ranges.length === 0) return state;
  const freed = ranges.reduce((set, { start, end }) => put(set, start, end, true), state.freed);
  return { ...state, freed };
}

/** Bytes of a value, lowest first. */
function littleEndian(value: number): readonly number[] {
  return Array.from({ length: ACCESS_BYTES }, (_, at) => (value >>> (8 * at)) & 0xff);
}

/** Writes a value of four bytes at an offset of a page; the value must not cross the end of the page. */
export function writeValue<S extends Memory>(
  state: S,
  { pfn, offset }: BytePlace,
  value: number,
  key: number,
): S {
  const page = valueAt(state.contents, pfn) ?? ZEROED;
  const bytes = littleEndian(value).reduce(
    (written, byte, at) => put(written, offset + at, offset + at + 1, { key, byte }),
    page.bytes,
  );
  return { ...state, contents: put(state.contents, pfn, pfn + 1, { ...page, bytes }) };
}

/** Writes a zero byte without a key; in a page without contents it is zero already. */
export function zeroByte<S extends Memory>(state: S, { pfn, offset }: BytePlace): S {
  const page = valueAt(state.contents, pfn);
  if (page === undefined) return state;
  const bytes = put(page.bytes, offset, offset + 1, { key: NO_KEY, byte: 0 });
  return { ...state, contents: put(state.contents, pfn, pfn + 1, { ...page, bytes }) };
}

/** A run of bytes with the same value, or unreadable for the same reason. */
export type ByteRun = Extent<number | Unreadable>;

function seenWith(key: number, written: { readonly key: number }, value: number | 'given') {
  return written.key === key ? value : 'ciphertext';
}

/** What a reader with a key finds in bytes `[start, end)` of a page; the runs cover all of them, in order. */
export function readBytes(
  { contents, freed }: Memory,
  pfn: number,
  range: Range,
  key: number,
): readonly ByteRun[] {
  if (valueAt(freed, pfn) === true) return [{ ...range, value: 'freed' }];
  const page = valueAt(contents, pfn) ?? ZEROED;
  const filled = seenWith(key, page, page.fill === 'zeroes' ? 0 : 'given');
  let seen: RangeMap<number | Unreadable> = put<number | Unreadable>([], range.start, range.end, filled);
  for (const { start, end, value } of within(page.bytes, range.start, range.end)) {
    seen = put(seen, start, end, seenWith(key, value, value.byte));
  }
  return seen;
}

/** The value of four bytes at an offset of a page (fewer at its end), or why the first unreadable byte has none. */
export function readValue(memory: Memory, pfn: number, offset: number, key: number): number | Unreadable {
  const end = Math.min(offset + ACCESS_BYTES, BYTES_OF_PAGE);
  let sum = 0;
  for (const { start, end: stop, value } of readBytes(memory, pfn, { start: offset, end }, key)) {
    if (typeof value !== 'number') return value;
    for (let at = start; at < stop; at++) sum += value * 2 ** (8 * (at - offset));
  }
  return sum;
}

/** What a read of a value returns. */
export interface Reading {
  /** The value (little-endian), or why it is unknown. */
  readonly value: number | Unreadable;
  /** The scenario has not written any value, so the value read is of no interest. */
  readonly plain: boolean;
}

/** Reads the value of four bytes at a place. */
export function readAt(memory: Memory, { pfn, offset }: BytePlace, key: number): Reading {
  return { value: readValue(memory, pfn, offset, key), plain: !isWritten(memory) };
}

/** Whether the scenario has written a value; if not, reads are not worth reporting. */
function isWritten({ contents }: Memory): boolean {
  return contents.some(({ value }) => value.bytes.length > 0);
}
