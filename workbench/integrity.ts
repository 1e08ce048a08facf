import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/**
 * Passes bytes through and fails at the end if their hash is not the pinned one (`sha512-` and base64, as in lock
 * files). `what` names the bytes in the message.
 */
export function integrityCheck(integrity: string, what: string): Transform {
  const hash = createHash('sha512');
  return new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const found = `sha512-${hash.digest('base64')}`;
      const problem = `${what} is not the pinned package: its hash is ${found}, expected ${integrity}`;
      done(found === integrity ? null : new Error(problem));
    },
  });
}
