import { PAGE_SHIFT } from '../../simulator';
import { hex } from '../expectations/words';
import { readNumber, suffixed } from '../parse/numbers';
import { extentOf } from '../tree/extent';
import type { NumberNode, Statement } from '../tree/tree';
import type { TextEdit } from './text-edit';

/** Rewrites numbers of statements in other forms. */

/** A new form of a number or a range, and the edits that write it. */
export interface Rewrite {
  /** The new text, including the label if there is one. */
  readonly text: string;
  readonly edits: readonly TextEdit[];
}

/** A number in the unit in which it is written, bytes or pages; for the end of a range, the end. Null if malformed. */
export function countedValue(statement: Statement, node: NumberNode): bigint | null {
  const from = node.endsRange ? extentOf(statement)?.start.value : 0n;
  if (node.value === null || from === null || from === undefined) return null;
  const bytes = from + node.value;
  return node.inPages ? bytes >> PAGE_SHIFT : bytes;
}

/**
 * Prints `bytes` in the form of `node`: hexadecimal or with a suffix, and as a number of pages, rounded down, if `node`
 * counts pages.
 */
export function inMannerOf({ text, inPages }: NumberNode, bytes: bigint, pages = inPages): string {
  const value = pages ? bytes >> PAGE_SHIFT : bytes;
  if (/0x/.test(text)) return hex(value);
  return pages ? String(value) : suffixed(value);
}

/** Whether a number is an expression rather than a literal. */
export function isComputed({ text, constants }: NumberNode): boolean {
  return constants.length > 0 || /[-+*]/.test(text);
}

/** The other forms of a literal number: hexadecimal, with a suffix, decimal. */
export function numberForms(statement: Statement, node: NumberNode): readonly Rewrite[] {
  const value = countedValue(statement, node);
  if (value === null || !('value' in readNumber(node.text))) return [];
  const forms = [hex(value), ...(node.inPages ? [] : [suffixed(value)]), String(value)];
  return [...new Set(forms)]
    .filter((form) => form !== node.text)
    .map((form) => ({ text: form, edits: [{ span: node.span, newText: form }] }));
}
