import { gzipSync } from 'node:zlib';

/** A tar header (POSIX.1-1988 ustar), with no more in it than a reader needs. */
function header(name: string, size: number, type: string, linksTo: string): Buffer {
  const block = Buffer.alloc(512);
  const [prefix, last] =
    name.length > 100
      ? [name.slice(0, name.lastIndexOf('/')), name.slice(name.lastIndexOf('/') + 1)]
      : ['', name];
  block.write(last, 0);
  block.write(size.toString(8).padStart(11, '0'), 124);
  block.write(type, 156);
  block.write(linksTo, 157);
  block.write('ustar\x0000', 257);
  block.write(prefix, 345);
  // The checksum counts its own field as spaces.
  block.write(' '.repeat(8), 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

export interface ArchiveEntry {
  name: string;
  content?: string;
  type?: string;
  linksTo?: string;
}

export function tar(entries: readonly ArchiveEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = '', type = '0', linksTo = '' }) => {
    const bytes = Buffer.from(content);
    return [
      header(name, bytes.length, type, linksTo),
      bytes,
      Buffer.alloc((512 - (bytes.length % 512)) % 512),
    ];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export function tgz(entries: readonly ArchiveEntry[]): Buffer {
  return gzipSync(tar(entries));
}
