/** Text of other people on a terminal: control characters in it would be commands to the terminal. */

function escaped(control: string): string {
  return `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** The text with all control characters but line feeds and tabs written as `\x1b`. */
export function visible(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, escaped);
}

const ESCAPE = '\u001b';

/** A control character; if it is ESC, the rest of a sequence with which style.ts colours a text. */
const CONTROL_OR_SGR = /[^\P{Cc}\n\t](?:\[(?:[14]|2[24]|3[1239]|90)m)?/gu;

/** As visible(), but keeps our own colours. */
export function visibleInColour(text: string): string {
  return text.replaceAll(CONTROL_OR_SGR, (found) => {
    const isColour = found.length > 1 && found.startsWith(ESCAPE);
    return isColour ? found : escaped(found) + found.slice(1);
  });
}

/** JSON as a terminal may show it: the control characters that JSON.stringify() leaves as they are, escaped. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[\u007f-\u009f]/g, (control) => {
    return `\\u00${control.charCodeAt(0).toString(16)}`;
  });
}
