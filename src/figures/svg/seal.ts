/** A seal in a drawing that is written to a file: it shows whether somebody has edited the file since. */

const OFFSET = 0xcbf29ce4;
const PRIME = 0x01000193;

/** FNV-1a with 32 bits, from a start value. */
function hash(text: string, start: number): string {
  let value = start;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), PRIME);
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** Git may convert the line ends of a checked out file. */
function digestOf(drawing: string): string {
  const text = drawing.replaceAll('\r\n', '\n');
  return hash(text, OFFSET) + hash(text, PRIME);
}

const ROOT = 'class="gmem-figure"';
const SEAL = / data-digest="([^"]*)"/;

/** The drawing with the digest of itself. */
export function sealed(drawing: string): string {
  return drawing.replace(ROOT, `${ROOT} data-digest="${digestOf(drawing)}"`);
}

/** The drawing without its seal. */
export function unsealed(drawing: string): string {
  return drawing.replace(SEAL, '');
}

/** Whether a drawing was edited after it was sealed; false if it has no seal, as those of earlier versions. */
export function isEdited(drawing: string): boolean {
  const digest = SEAL.exec(drawing)?.[1];
  return digest !== undefined && digest !== digestOf(unsealed(drawing));
}
