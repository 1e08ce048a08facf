import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

/** A file of a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
}

/** The files of a zip archive, unpacked. Rejects where the bytes are no zip archive, or are damaged. */
export async function zipEntries(archive: Buffer): Promise<readonly ZipEntry[]> {
  const zip = await fromBufferPromise(archive, { lazyEntries: true });
  const entries: ZipEntry[] = [];
  for await (const entry of zip.eachEntry()) {
    entries.push({ name: entry.fileName, content: await buffer(await zip.openReadStreamPromise(entry)) });
  }
  return entries;
}
