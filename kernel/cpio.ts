/**
 * The archive format of an initramfs, "new ASCII" cpio
 * (Documentation/driver-api/early-userspace/buffer-format.rst).
 */

export interface CpioEntry {
  /** Path without a leading slash. */
  readonly path: string;
  /** File type and permission bits, as in st_mode. */
  readonly mode: number;
  /** Contents of a file; empty for a directory. */
  readonly data: Uint8Array;
}

export const FOLDER = 0o040755;
export const PROGRAM = 0o100755;
export const FILE = 0o100644;

const MAGIC = '070701';
const TRAILER: CpioEntry = { path: 'TRAILER!!!', mode: 0, data: new Uint8Array() };
/** Header, path and data are each padded to a multiple of this. */
const ALIGNMENT = 4;

/** A member of the archive: 13 numbers of eight hex digits, the path with a zero byte, the data. */
function member(entry: CpioEntry, inode: number): readonly Uint8Array[] {
  const path = Buffer.from(`${entry.path}\0`, 'utf8');
  const links = entry.mode === FOLDER ? 2 : 1;
  const time = 0;
  const owner = [0, 0];
  const devices = [0, 0, 0, 0];
  const checksum = 0;
  const fields = [
    inode,
    entry.mode,
    ...owner,
    links,
    time,
    entry.data.length,
    ...devices,
    path.length,
    checksum,
  ];
  const header = MAGIC + fields.map((field) => field.toString(16).padStart(8, '0')).join('');
  return [padded(Buffer.concat([Buffer.from(header, 'latin1'), path])), padded(entry.data)];
}

function padded(bytes: Uint8Array): Uint8Array {
  const length = Math.ceil(bytes.length / ALIGNMENT) * ALIGNMENT;
  if (length === bytes.length) return bytes;
  const result = new Uint8Array(length);
  result.set(bytes);
  return result;
}

/** An archive of these entries, in their order: a directory has to come before its contents. */
export function cpioArchive(entries: readonly CpioEntry[]): Uint8Array {
  return Buffer.concat([...entries, TRAILER].flatMap((entry, index) => member(entry, index + 1)));
}
