/** Resolves symbolic links, also to files that do not exist yet. */
import { readlinkSync } from 'node:fs';
import path from 'node:path';

/** The maximum number of symbolic links, as in Linux (MAXSYMLINKS, include/linux/namei.h). */
const MOST_LINKS = 40;

/** The content of a symbolic link; null if the path is not a link. */
function linkAt(place: string): string | null {
  try {
    return readlinkSync(place);
  } catch {
    return null;
  }
}

/** Walks a path name by name, as the kernel does: `..` after a link is the folder above the link's target. */
function walk(from: string, to: string, links: number): string {
  if (links > MOST_LINKS) throw Object.assign(new Error('too many symbolic links'), { code: 'ELOOP' });
  const start = path.isAbsolute(to) ? path.parse(to).root : from;
  const names = to.slice(path.isAbsolute(to) ? start.length : 0).split(path.sep === '\\' ? /[\\/]/ : '/');
  return names.reduce((folder, name) => {
    const place = path.join(folder, name);
    const target = linkAt(place);
    return target === null ? place : walk(folder, target, links + 1);
  }, start);
}

/**
 * The path of a file with all symbolic links resolved, including those of parent folders. The file and its parent
 * folders need not exist: a dangling link resolves to the path of its missing target.
 * @throws Error ELOOP if links form a cycle.
 */
export function followLinks(file: string): string {
  return walk(process.cwd(), path.isAbsolute(file) ? file : path.join(process.cwd(), file), 0);
}
