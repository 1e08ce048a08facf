/**
 * Checks what a client sends to `lsp` and `dap`: a header and a body, and the header says how long the body is. The
 * library that reads them waits for the end of any header and buffers everything, so limits are checked here, before it.
 */
import { Transform } from 'node:stream';
import { MOST_BYTES } from './limits';

/** Bytes. Clients send one or two short fields. */
const LONGEST_HEADER = 4096;

const END = '\r\n\r\n';

/** @throws Error that says what is wrong. */
function bodyLength(header: string): number {
  const length = /^content-length:[ \t]*(\d+)[ \t]*$/im.exec(header)?.[1];
  if (length === undefined) throw new Error('it has no header with a Content-Length');
  const bytes = Number(length);
  if (bytes > MOST_BYTES)
    throw new Error(`it has ${length} bytes by its Content-Length, more than ${MOST_BYTES}`);
  return bytes;
}

/** Returns a function that receives the bytes as they arrive. It throws an error at the first message that is invalid. */
function frameChecker(): (chunk: Buffer) => void {
  let header = '';
  /** Bytes of the body that have not arrived yet. */
  let left = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const part = Math.min(left, chunk.length - at);
        left -= part;
        at += part;
        continue;
      }
      // One byte per character, so that lengths are bytes.
      const before = header.length;
      header += chunk.toString('latin1', at, at + LONGEST_HEADER + END.length);
      const end = header.indexOf(END, Math.max(0, before - END.length));
      if (end < 0 ? header.length > LONGEST_HEADER : end > LONGEST_HEADER)
        throw new Error(`its header is longer than ${LONGEST_HEADER} bytes`);
      if (end < 0) return;
      left = bodyLength(header.slice(0, end));
      at += end + END.length - before;
      header = '';
    }
  };
}

/** Passes bytes on while they are valid messages; otherwise it fails with an error that says why they are not. */
export function checkedFrames(): Transform {
  const check = frameChecker();
  return new Transform({
    transform(chunk, _encoding, done) {
      try {
        check(chunk);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
