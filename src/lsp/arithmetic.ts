import { type NumberRole, type Statement, suffixed } from '../language';
import { hex } from '../outcome';
import {
  type BoundGfns,
  bytesOf,
  fileByName,
  type GmemFile,
  gfnsBoundTo,
  isPageAligned,
  pageOf,
  type Range,
  type State,
  U64,
} from '../simulator';

/** Ranges of statements in pages, and formatting of pages, bytes and ranges. */

/** Largest byte count whose page count is an exact number. */
const MAX_BYTES = bytesOf(Number.MAX_SAFE_INTEGER);

/** The pages that bytes `[from, from + size)` touch; null if the end is out of range. */
function pagesOf(from: bigint, size: bigint): Range | null {
  const end = from + size;
  if (size === 0n || end > U64 || end > MAX_BYTES) return null;
  return { start: pageOf(from), end: pageOf(end - 1n) + 1 };
}

function numberOf(statement: Statement, role: NumberRole): bigint | null {
  return statement.numbers[role]?.value ?? null;
}

/** The size of a statement's range; one byte if it has none, so that the range is the page around it. */
function sizeOf(statement: Statement): bigint | null {
  return statement.numbers.size === undefined ? 1n : numberOf(statement, 'size');
}

/** The gfns of a statement that has a gpa and perhaps a size. */
export function gfnRange(statement: Statement): Range | null {
  const gpa = numberOf(statement, 'gpa');
  const size = sizeOf(statement);
  return gpa === null || size === null ? null : pagesOf(gpa, size);
}

/** The gfns of a number of pages from the statement's gpa on. */
export function gfnsFrom(statement: Statement, pages: number): Range | null {
  const gpa = numberOf(statement, 'gpa');
  return gpa === null || pages === 0 ? null : pagesOf(gpa, bytesOf(pages));
}

/** The file pages that a statement binds to its slot; null without a file. */
export function askedFilePages(statement: Statement): Range | null {
  const offset = numberOf(statement, 'offset');
  const gfns = gfnRange(statement);
  if (offset === null || gfns === null) return null;
  return pagesOf(offset, bytesOf(gfns.end - gfns.start));
}

/** The pages of a statement that has an offset and perhaps a size: of a file, or of a slot's memory. */
export function offsetRange(statement: Statement): Range | null {
  const offset = numberOf(statement, 'offset');
  const size = sizeOf(statement);
  return offset === null || size === null ? null : pagesOf(offset, size);
}

/** The file that a statement names, in a state. */
export function fileOf(statement: Statement, state: State): GmemFile | null {
  const name = statement.names.file?.text;
  return name === undefined ? null : fileByName(state, name);
}

/** The gfns of the file range that a statement names. */
export function boundRanges(statement: Statement, state: State): readonly BoundGfns[] {
  const file = fileOf(statement, state);
  const pages = offsetRange(statement);
  return file === null || pages === null ? [] : gfnsBoundTo(state, file.id, pages);
}

/** A page range in bytes: guest physical addresses or file offsets. */
export function bytesText({ start, end }: Range): string {
  return `${hex(bytesOf(start))}..${hex(bytesOf(end))}`;
}

export function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A number in all useful notations: hexadecimal, decimal, with a suffix, in pages. */
export function numberText(value: bigint): string {
  const short = suffixed(value);
  const forms = [hex(value), String(value)];
  if (short !== String(value)) forms.push(short);
  const pages = value >> 12n;
  const inPages = isPageAligned(value)
    ? `${pages} ${pages === 1n ? 'page' : 'pages'}`
    : `page ${hex(pages)} and ${hex(value & 0xfffn)} bytes`;
  return [...forms.map((form) => `\`${form}\``), inPages].join(' · ');
}
