import { isPageAligned, PAGE_SHIFT } from '../../simulator';
import { pageLabel } from '../table/syntax';
import { type Extent, extentOf, partOf } from '../tree/extent';
import type { Document, NumberNode, Statement } from '../tree/tree';
import { countedValue, inMannerOf, type Rewrite } from './numbers';

/** Converts between bytes and pages, and between a size and the end of a range. */

function bytesOf(statement: Statement, node: NumberNode): bigint | null {
  const value = countedValue(statement, node);
  return value === null || !node.inPages ? value : value << PAGE_SHIFT;
}

/** `gfn 0x80000` for `gpa 0x80000000`, and back; for a range, both ends. Null if the number contains constants. */
export function inOtherUnit(statement: Statement, node: NumberNode): Rewrite | null {
  const extent = extentOf(statement);
  const isRange = extent?.size.endsRange === true && (node === extent.start || node === extent.size);
  const part = isRange ? extent.part : partOf(statement, node);
  const labelSpan = part === null ? undefined : statement.labels[part.role];
  if (part === null || labelSpan === undefined) return null;
  const pages = !node.inPages;
  const label = pages ? pageLabel(part) : part.label;
  if (label === null || pageLabel(part) === null) return null;
  const ends = isRange ? [extent.start, extent.size] : [node];
  const written = ends.flatMap((end) => {
    const bytes = bytesOf(statement, end);
    const fits = bytes !== null && end.constants.length === 0 && (!pages || isPageAligned(bytes));
    return fits ? [{ span: end.span, newText: inMannerOf(end, bytes, pages) }] : [];
  });
  if (written.length < ends.length) return null;
  return {
    text: `${label} ${written.map(({ newText }) => newText).join('..')}`,
    edits: [{ span: labelSpan, newText: label }, ...written],
  };
}

/** The range that contains a number, with its label as written; null if it contains a comment. */
function writtenExtent({ text, comments }: Document, statement: Statement, node: NumberNode) {
  const extent = extentOf(statement);
  if (extent === null || (node !== extent.start && node !== extent.size)) return null;
  const { part, start, size } = extent;
  const labelSpan = statement.labels[part.role];
  const between = { start: start.span.end, end: size.span.end };
  const hasComment = comments.some(({ span }) => span.start >= between.start && span.start < between.end);
  if (labelSpan === undefined || hasComment) return null;
  return { ...extent, label: text.slice(labelSpan.start, labelSpan.end), between };
}

/** The end of a range, written with the constants of start and size if there are any. */
function endText(statement: Statement, { start, size }: Extent): string | null {
  if (start.constants.length + size.constants.length > 0) {
    return start.inPages === size.inPages ? `${start.text} + ${size.text}` : null;
  }
  const from = bytesOf(statement, start);
  if (from === null || size.value === null || (start.inPages && !isPageAligned(size.value))) return null;
  return inMannerOf(start, from + size.value);
}

/** `gpa 0x80000000..0x80200000` for `gpa 0x80000000 size 2M`. */
export function asRange(document: Document, statement: Statement, node: NumberNode): Rewrite | null {
  const extent = writtenExtent(document, statement, node);
  if (extent === null || extent.size.endsRange || extent.size.value === 0n) return null;
  const end = endText(statement, extent);
  if (end === null) return null;
  const { label, start, between } = extent;
  return {
    text: `${label} ${start.text}..${end}`,
    edits: [{ span: between, newText: `..${end}` }],
  };
}

/** The size of a range: the text added to its start, or a number if the range contains no constants. */
function sizeText({ start, size }: Extent): string | null {
  const sum = `${start.text} + `;
  if (size.text.startsWith(sum)) return size.text.slice(sum.length);
  if (start.constants.length + size.constants.length > 0 || size.value === null) return null;
  return inMannerOf({ ...size, text: '' }, size.value);
}

/** `gpa 0x80000000 size 2M` for `gpa 0x80000000..0x80200000`. */
export function asSize(document: Document, statement: Statement, node: NumberNode): Rewrite | null {
  const extent = writtenExtent(document, statement, node);
  if (extent === null || !extent.size.endsRange) return null;
  const { label, start, sizePart, between } = extent;
  const text = sizeText(extent);
  const sizeLabel = start.inPages ? pageLabel(sizePart) : sizePart.label;
  if (text === null || sizeLabel === null) return null;
  return {
    text: `${label} ${start.text} ${sizeLabel} ${text}`,
    edits: [{ span: between, newText: ` ${sizeLabel} ${text}` }],
  };
}
