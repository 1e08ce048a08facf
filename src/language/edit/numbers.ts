import { PAGE_SHIFT } from '../../simulator';
import { hex } from '../expectations/words';
import { readNumber, suffixed } from '../parse/numbers';
import { extentOf } from '../tree/extent';
import type { NumberNode, Statement } from '../tree/tree';
import type { TextEdit } from './text-edit';

/** Numbers of statements, written in other ways. */

/** A way of writing something, and the edits that write it. */
export interface Rewrite {
  /** What is written, label included where one is. */
  readonly text: string;
  readonly edits: readonly TextEdit[];
}

/**
 * What a number is worth as it is counted: bytes or pages, of a range's end the end and not the size. Null where it is
 * malformed.
 */
export function countedValue(statement: Statement, node: NumberNode): bigint | null {
  const from = node.endsRange ? extentOf(statement)?.start.value : 0n;
  if (node.value === null || from === null || from === undefined) return null;
  const bytes = from + node.value;
  return node.inPages ? bytes >> PAGE_SHIFT : bytes;
}

/**
 * Bytes as they are counted where `node` stands, in its manner: hexadecimal where it is, with a suffix, or as a plain
 * number of pages. Bytes that are no whole pages are rounded down there.
 */
export function inMannerOf({ text, inPages }: NumberNode, bytes: bigint, pages = inPages): string {
  const value = pages ? bytes >> PAGE_SHIFT : bytes;
  if (/0x/.test(text)) return hex(value);
  return pages ? String(value) : suffixed(value);
}

/** Whether there is anything to work out in a number. */
export function isComputed({ text, constants }: NumberNode): boolean {
  return constants.length > 0 || /[-+*]/.test(text);
}

/** A literal number in its other forms: hexadecimal, with a suffix, decimal. */
export function numberForms(statement: Statement, node: NumberNode): readonly Rewrite[] {
  const value = countedValue(statement, node);
  if (value === null || !('value' in readNumber(node.text))) return [];
  const forms = [hex(value), ...(node.inPages ? [] : [suffixed(value)]), String(value)];
  return [...new Set(forms)]
    .filter((form) => form !== node.text)
    .map((form) => ({ text: form, edits: [{ span: node.span, newText: form }] }));
}
