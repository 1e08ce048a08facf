/** A slot's userspace memory: which pages are there, came or went. */
import type { Extent, HostMemory, Range } from '../../simulator';
import type { Segment } from '../figure';
import { overlay } from '../overlay';
import { CHANGED } from '../words';

/** What a page of userspace memory is. */
type Present = 'page' | 'zero page' | 'huge page' | 'huge zero page';

const SHORT: Readonly<Record<Present, string>> = {
  page: 'page',
  'zero page': 'zero',
  'huge page': 'huge',
  'huge zero page': 'huge 0',
};

/** A huge page has its pages in `present` as well; the huge zero page has none. */
function presentIn({ start, end }: Range, memory: HostMemory | undefined): readonly Extent<Present>[] {
  if (memory === undefined) return [];
  return overlay({ start, end }, memory.chunks, memory.present).flatMap((piece): Extent<Present>[] => {
    const range = { start: piece.start, end: piece.end };
    if (piece.before === 'huge-zero-page') return [{ ...range, value: 'huge zero page' }];
    if (piece.before === 'huge-page') return [{ ...range, value: 'huge page' }];
    if (piece.after === undefined) return [];
    return [{ ...range, value: piece.after.kind === 'zero' ? 'zero page' : 'page' }];
  });
}

/** Pages `[start, end)` of the memory. */
export function userspaceSegments(
  pages: Range,
  before: HostMemory | undefined,
  after: HostMemory | undefined,
): readonly Segment[] {
  return overlay(pages, presentIn(pages, before), presentIn(pages, after)).flatMap((piece): Segment[] => {
    const range = { start: piece.start, end: piece.end };
    const { after: now } = piece;
    if (now === undefined) {
      if (piece.before === undefined) return [];
      const about = `freed: the ${piece.before} is gone`;
      return [{ ...range, changed: true, word: 'freed', texts: ['freed'], about }];
    }
    const changed = piece.before !== now;
    const mark = changed ? CHANGED : '';
    const about = changed ? `a ${now}, and was ${piece.before ?? 'none'} before` : `a ${now}`;
    return [{ ...range, changed, word: 'page', texts: [`${mark}${now}`, `${mark}${SHORT[now]}`], about }];
  });
}
