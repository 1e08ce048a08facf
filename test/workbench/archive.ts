import { gzipSync } from 'node:zlib';

/** A tar header (POSIX.1-1988 ustar), with no more in it than a reader needs. */
function header(name: string, size: number, type: string): Buffer {
  const block = Buffer.alloc(512);
  const [prefix, last] =
    name.length > 100
      ? [name.slice(0, name.lastIndexOf('/')), name.slice(name.lastIndexOf('/') + 1)]
      : ['', name];
  block.write(last, 0);
  block.write(size.toString(8).padStart(11, '0'), 124);
  block.write(type, 156);
  block.write('ustar\0', 257);
  block.write(prefix, 345);
  return block;
}

export interface ArchiveEntry {
  name: string;
  content?: string;
  type?: string;
}

export function tar(entries: readonly ArchiveEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = '', type = '0' }) => {
    const bytes = Buffer.from(content);
    return [header(name, bytes.length, type), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export function tgz(entries: readonly ArchiveEntry[]): Buffer {
  return gzipSync(tar(entries));
}
