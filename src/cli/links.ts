/** Where symbolic links lead, also to files that do not exist yet. */
import { readlinkSync } from 'node:fs';
import path from 'node:path';

/** As many symbolic links as Linux follows (MAXSYMLINKS, include/linux/namei.h). */
const MOST_LINKS = 40;

/** What a symbolic link contains; null where there is no link. */
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
 * The path of a file with all symbolic links followed, those of the folders above it included. The file, and folders
 * above it, need not exist: a dangling link leads to the place where its target would be.
 * @throws Error ELOOP where links form a cycle.
 */
export function followLinks(file: string): string {
  return walk(process.cwd(), path.isAbsolute(file) ? file : path.join(process.cwd(), file), 0);
}
