/** Line ends do not matter: an editor makes them all the same when it opens a file. */
function withSameEnds(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}

/** The first line of `after`, from 0, in which it differs from `before`; null if they are the same. */
export function firstDifference(before: string, after: string): number | null {
  const [a, b] = [withSameEnds(before), withSameEnds(after)];
  if (a === b) return null;
  let at = 0;
  let line = 0;
  while (at < a.length && a[at] === b[at]) {
    if (a[at] === '\n') line++;
    at++;
  }
  return line;
}
