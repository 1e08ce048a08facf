/** Scenarios in URLs: the compressed text, in the fragment after `#`, which is never sent to a server. */

export interface Shared {
  readonly text: string;
  /** The line to stop at, from 1; null to stop before the first statement. */
  readonly line: number | null;
}

/** Most characters of a shared text, and of a link: longer ones do not survive mail and chat. */
export const LONGEST_SHARED = 64 * 1024;
const LONGEST_LINK = 32 * 1024;

/** Version of the format; other versions are rejected. */
const VERSION = '1';

/** What is wrong with a link, as a sentence for the user who opened it. */
export class LinkError extends Error {}

async function through(bytes: Uint8Array, stream: GenericTransformStream, most: number): Promise<Uint8Array> {
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
    // A few bytes can decompress to very many.
    if (size > most) {
      await reader.cancel();
      throw new LinkError(`its scenario is longer than ${LONGEST_SHARED / 1024} KiB`);
    }
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  if (!/^[\w-]+$/.test(text)) throw new LinkError('it is truncated or contains invalid characters');
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
  } catch {
    throw new LinkError('it is truncated');
  }
}

/**
 * The link that opens a scenario in the workbench at `address`.
 * @throws LinkError if the scenario is too long.
 */
export async function linkTo(address: string, { text, line }: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > LONGEST_SHARED) {
    throw new LinkError(`the scenario is longer than ${LONGEST_SHARED / 1024} KiB: send the file instead`);
  }
  const packed = await through(bytes, new CompressionStream('deflate-raw'), Number.POSITIVE_INFINITY);
  const parts = new URLSearchParams({ gmem: VERSION });
  if (line !== null) parts.set('line', String(line));
  parts.set('text', toBase64Url(packed));
  const link = `${address.replace(/#.*$/, '')}#${parts}`;
  if (link.length <= LONGEST_LINK) return link;
  throw new LinkError(
    `the link would have ${link.length} characters, too many for most programs: send the file instead`,
  );
}

/**
 * The scenario of a link, or of its part after `#`.
 * @throws LinkError if it has no readable scenario.
 */
export async function sharedIn(link: string): Promise<Shared> {
  if (link.length > LONGEST_LINK) throw new LinkError('it is too long');
  const parts = new URLSearchParams(link.replace(/^[^#]*#/, ''));
  const version = parts.get('gmem');
  if (version === null) throw new LinkError('it contains no scenario');
  if (version !== VERSION)
    throw new LinkError(
      `it has format version ${version}, but this workbench only supports version ${VERSION}`,
    );
  const line = parts.get('line');
  if (line !== null && !/^[1-9]\d{0,6}$/.test(line)) throw new LinkError(`its line is not a number: ${line}`);
  const packed = fromBase64Url(parts.get('text') ?? '');
  let bytes: Uint8Array;
  try {
    bytes = await through(packed, new DecompressionStream('deflate-raw'), LONGEST_SHARED);
  } catch (error) {
    throw error instanceof LinkError ? error : new LinkError('it is truncated or corrupted');
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, line: line === null ? null : Number(line) };
  } catch {
    throw new LinkError('its content is not text');
  }
}
