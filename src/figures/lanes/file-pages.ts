/** The page cache of a guest_memfd: which pages are there, came or went. */
import type { FilePages, GmemFile, Range } from '../../simulator';
import type { Segment } from '../figure';
import { overlay } from '../overlay';

function presentSegment(
  { huge, poisoned }: FilePages,
  came: boolean,
): Pick<Segment, 'word' | 'texts' | 'about'> {
  const folio = huge ? ' of a 2M folio' : '';
  if (poisoned) return { word: 'page', texts: ['poisoned', 'pois.'], about: 'a page that is poisoned' };
  if (came) return { word: 'allocated', texts: ['allocated', 'alloc.'], about: `allocated: a page${folio}` };
  return { word: 'page', texts: ['page'], about: `a page${folio}` };
}

/** Pages `[start, end)` of the file; those beyond its end are said to be so. */
export function fileSegments(
  pages: Range,
  before: GmemFile | undefined,
  after: GmemFile,
): readonly Segment[] {
  const known = { start: pages.start, end: Math.min(pages.end, after.pages) };
  const segments: Segment[] = [];
  for (const piece of known.start < known.end ? overlay(known, before?.cache ?? [], after.cache) : []) {
    const range = { start: piece.start, end: piece.end };
    if (piece.after !== undefined) {
      const came = piece.before === undefined;
      segments.push({ ...range, changed: came, ...presentSegment(piece.after, came) });
    } else if (piece.before !== undefined) {
      segments.push({
        ...range,
        changed: true,
        word: 'freed',
        texts: ['freed'],
        about: 'freed: no page is there',
      });
    }
  }
  const beyond = { start: Math.max(pages.start, after.pages), end: pages.end };
  if (beyond.start < beyond.end) {
    const about = 'beyond the end of the file';
    segments.push({ ...beyond, changed: false, word: 'beyond', texts: ['beyond'], about });
  }
  return segments;
}
