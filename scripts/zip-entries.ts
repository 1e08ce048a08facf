import { inflateRawSync } from 'node:zlib';

/** A file of a zip archive. */
export interface ZipEntry {
  name: string;
  /** Bytes of the unpacked file. */
  size: number;
  /** Unpacks it. Throws if the bytes are damaged. */
  content(): Buffer;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const fileSignature = 0x04034b50;

const stored = 0;
const deflated = 8;

/**
 * The files in the central directory of a zip archive (APPNOTE.TXT 6.3, 4.3.12 and 4.3.16). Throws if the bytes are not
 * a zip archive; archives beyond 4 GiB or 65535 files are not supported.
 */
export function zipEntries(archive: Buffer): readonly ZipEntry[] {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  for (let index = 0, at = archive.readUInt32LE(end + 16); index < count; index++) {
    if (archive.readUInt32LE(at) !== entrySignature)
      throw new Error(`invalid archive: no central directory entry at byte ${at}`);
    const nameLength = archive.readUInt16LE(at + 28);
    const nameStart = at + 46;
    const name = archive.toString('utf8', nameStart, nameStart + nameLength);
    const method = archive.readUInt16LE(at + 10);
    const packed = archive.readUInt32LE(at + 20);
    const size = archive.readUInt32LE(at + 24);
    const file = archive.readUInt32LE(at + 42);
    entries.push({ name, size, content: () => unpack(name, method, packedBytes(archive, file, packed)) });
    at = nameStart + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * The bytes of the file whose local header (4.3.7) is at byte `at`; the extra field there may have a different length.
 */
function packedBytes(archive: Buffer, at: number, length: number): Buffer {
  if (archive.readUInt32LE(at) !== fileSignature)
    throw new Error(`invalid archive: no local file header at byte ${at}`);
  const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
  return archive.subarray(start, start + length);
}

function unpack(name: string, method: number, packed: Buffer): Buffer {
  if (method === stored) return packed;
  if (method === deflated) return inflateRawSync(packed);
  throw new Error(`${name} has an unsupported compression method: ${method}`);
}

/** The end record comes last, before a comment of at most 64 KiB. */
function findEnd(archive: Buffer): number {
  for (let at = archive.length - 22; at >= Math.max(0, archive.length - 22 - 0xffff); at--) {
    if (archive.readUInt32LE(at) === endSignature) return at;
  }
  throw new Error('not a zip archive: it has no end record');
}
