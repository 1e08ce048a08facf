import { mkdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { extract, type ReadEntry } from 'tar';

const top = 'package/';

/**
 * Unpacks the tar archive of an npm package, plain files under `package/`, into a folder. An archive with anything
 * else in it, links above all, is an error: the one that is pinned has none.
 *
 * @param wanted which files to write, by their path inside the package
 * @param onProgress called with the number of archive bytes read so far
 */
export async function unpack(
  archive: AsyncIterable<Uint8Array>,
  folder: string,
  wanted: (file: string) => boolean,
  onProgress: (bytes: number) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  let refused: ReadEntry | undefined;
  const extraction = extract({
    cwd: folder,
    strip: 1,
    // What is only a warning to tar, such as an archive that is cut short, is an error.
    strict: true,
    noMtime: true,
    preserveOwner: false,
    filter: (file, found) => {
      // The filter of an archive that is created sees files of the disk; this one sees entries only.
      const entry = found as ReadEntry;
      if (entry.type === 'Directory') return false;
      const isFile = entry.type === 'File' || entry.type === 'OldFile';
      if (isFile && file.startsWith(top) && !file.split('/').includes('..'))
        return wanted(file.slice(top.length));
      refused ??= entry;
      return false;
    },
  });
  const source = Readable.from(counted(archive, onProgress));
  // Not pipeline(): it never settles where tar has nothing to write and ends within the call of end().
  await new Promise<void>((resolve, reject) => {
    extraction.on('finish', resolve);
    extraction.on('error', (error) => {
      source.destroy();
      reject(error);
    });
    source.on('error', reject).pipe(extraction);
  });
  // The caller keeps nothing of an archive that failed.
  if (refused === undefined) return;
  throw new Error(`the archive holds ${JSON.stringify(refused.path)}, a ${refused.type}`);
}

async function* counted(chunks: AsyncIterable<Uint8Array>, onProgress: (bytes: number) => void) {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    onProgress(bytes);
    yield chunk;
  }
}
