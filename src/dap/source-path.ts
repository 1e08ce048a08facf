/** Compares file names that clients write in different ways. */

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Normalizes a path: removes the `file` scheme, replaces backslashes, lowercases the drive letter. */
function canonical(path: string): string {
  const plain = /^file:\/\//i.test(path) ? decode(path.replace(/^file:\/\/(localhost)?/i, '')) : path;
  const slashed = /^[a-z][a-z0-9+.-]+:\/\//i.test(plain) ? decode(plain) : plain.replaceAll('\\', '/');
  return slashed.replace(/^\/?([a-zA-Z]):\//, (_, drive: string) => `${drive.toLowerCase()}:/`);
}

/** Whether two paths or URIs name the same file. */
export function samePath(a: string, b: string): boolean {
  return a === b || canonical(a) === canonical(b);
}

/** The last part of a path or URI. */
export function baseName(path: string): string {
  return (
    canonical(path)
      .split('/')
      .findLast((part) => part !== '') ?? path
  );
}

/** The URI of a path; a URI stays as it is. */
export function uriOf(path: string): string {
  // A scheme has at least two letters, so a drive letter is not one.
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return path;
  const slashed = canonical(path);
  const parts = slashed.split('/').map(encodeURIComponent).join('/');
  return `file://${slashed.startsWith('/') ? '' : '/'}${parts}`;
}

/** A key that is equal for all spellings of a file name. */
export function pathKey(path: string): string {
  return canonical(path);
}
