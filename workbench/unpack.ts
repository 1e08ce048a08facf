import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { resolveInside } from './paths';

const blockSize = 512;

/**
 * Unpacks the tar archive of an npm package (POSIX.1-1988 ustar: plain files under `package/`) into a folder. Any other
 * entry, links above all, is an error: the pinned archive has none.
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
  const bytes = new ByteReader(archive);
  for (;;) {
    const header = await bytes.read(blockSize);
    // Two blocks of zeros end the archive. Read the rest as well so that its hash is checked.
    if (header === undefined || header.every((byte) => byte === 0)) break;
    const { name, size, type } = parseHeader(header);
    const content = await bytes.read(Math.ceil(size / blockSize) * blockSize);
    if (content === undefined) throw new Error(`the archive ends inside ${name}`);
    onProgress(bytes.position);
    if (type === '5') continue;
    const inside = name.startsWith('package/') ? name.slice('package/'.length) : undefined;
    const target = inside === undefined ? undefined : resolveInside(folder, encodeURIComponent(inside));
    if (type !== '0' || inside === undefined || target === undefined) {
      throw new Error(`the archive holds ${JSON.stringify(name)} of type ${JSON.stringify(type)}`);
    }
    if (!wanted(inside)) continue;
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content.subarray(0, size));
  }
  while ((await bytes.read(blockSize)) !== undefined);
}

function parseHeader(header: Buffer): { name: string; size: number; type: string } {
  const text = (start: number, length: number) => {
    const field = header.toString('utf8', start, start + length);
    const end = field.indexOf('\0');
    return end === -1 ? field : field.slice(0, end);
  };
  const name = text(0, 100);
  const prefix = text(345, 155);
  const size = Number.parseInt(text(124, 12), 8);
  if (Number.isNaN(size)) throw new Error(`the archive has no size for ${JSON.stringify(name)}`);
  return { name: prefix === '' ? name : `${prefix}/${name}`, size, type: text(156, 1) || '0' };
}

/** Reads blocks of a given length from chunks of any length. */
class ByteReader {
  position = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or undefined if the source ends first. */
  async read(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [this.rest];
    let available = this.rest.length;
    while (available < length) {
      const { value, done } = await this.chunks.next();
      if (done) {
        this.rest = Buffer.alloc(0);
        return undefined;
      }
      parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      available += value.byteLength;
    }
    const all = parts.length === 1 ? this.rest : Buffer.concat(parts);
    this.rest = all.subarray(length);
    this.position += length;
    return all.subarray(0, length);
  }
}
