/** Texts with 7-bit characters only. */
import { wrap } from '../text';
import { WIDTH } from './frame';

const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/ · /g, '; '],
  [/→/g, '->'],
  [/×/g, 'x'],
  [/…/g, '...'],
  [/[^\x20-\x7e]/g, '?'],
];

/** The text with 7-bit characters only. */
export function plain(text: string): string {
  return PLAIN.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}

/** Lines of a text, at most 72 columns. */
export function indented(text: string, indent: string): readonly string[] {
  return wrap(plain(text), WIDTH - indent.length).map((line) => indent + line);
}
