/** A file of a zip archive and its size once unpacked, bytes. */
export interface ZipEntry {
  name: string;
  size: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/**
 * The files that a zip archive lists in its central directory (APPNOTE.TXT 6.3, 4.3.12 and 4.3.16). Throws where
 * the bytes are no zip archive; archives beyond 4 GiB or 65535 files are not read.
 */
export function zipEntries(archive: Buffer): readonly ZipEntry[] {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  for (let index = 0, at = archive.readUInt32LE(end + 16); index < count; index++) {
    if (archive.readUInt32LE(at) !== entrySignature) throw new Error(`no entry of the archive at byte ${at}`);
    const nameLength = archive.readUInt16LE(at + 28);
    const nameStart = at + 46;
    entries.push({
      name: archive.toString('utf8', nameStart, nameStart + nameLength),
      size: archive.readUInt32LE(at + 24),
    });
    at = nameStart + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

/** The end record stands last, before a comment of at most 64 KiB. */
function findEnd(archive: Buffer): number {
  for (let at = archive.length - 22; at >= Math.max(0, archive.length - 22 - 0xffff); at--) {
    if (archive.readUInt32LE(at) === endSignature) return at;
  }
  throw new Error('not a zip archive: it has no end record');
}
