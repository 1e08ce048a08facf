/** Pages of a guest_memfd: allocation and removal. */
import { gaps, put, type Range, remove, update, valueAt, within } from '../ranges';
import type { FilePages, GmemFile, State } from '../state';
import { roundDown, roundUp } from '../units';
import { freePages } from './contents';
import { pfnsOf, takeFrames } from './frames';
import { fileById, putFile } from './state-parts';

/** Pages of a file to allocate: as 2 MiB folios, or as single pages. */
interface Missing extends Range {
  readonly huge: boolean;
}

/** The missing parts of `[start, end)`; in a file with huge folios, a wholly missing 2 MiB range becomes one folio. */
function missing(file: GmemFile, { start, end }: Range): readonly Missing[] {
  if (!file.huge) return gaps(file.cache, start, end).map((gap) => ({ ...gap, huge: false }));
  const first = roundDown(start, 2);
  const last = Math.min(roundUp(end, 2), file.pages);
  return gaps(file.cache, first, last).flatMap((gap) => {
    const whole = { start: roundUp(gap.start, 2), end: roundDown(gap.end, 2) };
    if (whole.start >= whole.end) return single(gap, start, end);
    return [
      ...single({ start: gap.start, end: whole.start }, start, end),
      { ...whole, huge: true },
      ...single({ start: whole.end, end: gap.end }, start, end),
    ];
  });
}

/** The requested part of a gap, as single pages. */
function single(gap: Range, start: number, end: number): readonly Missing[] {
  const part = { start: Math.max(gap.start, start), end: Math.min(gap.end, end), huge: false };
  return part.start < part.end ? [part] : [];
}

/** Allocates the missing pages of file pages `[start, end)`. `came`: the file pages that were allocated. */
export function allocatePages(
  before: State,
  id: number,
  range: Range,
): { state: State; came: readonly Range[] } {
  let state = before;
  const came = missing(fileById(before, id), range);
  for (const { start, end, huge } of came) {
    const taken = takeFrames(state, end - start, huge);
    const file = fileById(taken.state, id);
    const pages: FilePages = { frame: taken.pfn - start, uptodate: false, huge, poisoned: false };
    state = putFile(taken.state, { ...file, cache: put(file.cache, start, end, pages) });
  }
  return { state, came };
}

/** File pages `[start, end)`, all present, with their frames. */
export interface Pages extends Range {
  /** pfn minus file index. */
  readonly frame: number;
  /** They are a whole 2 MiB folio. */
  readonly folio: boolean;
}

/**
 * The 2 MiB folio that contains page `index`; null if it is a single page. The pages of a folio count as single pages if
 * only some of them are uptodate: LAUNCH_UPDATE fills part of a folio, and a kernel with huge folios would have to track
 * that.
 */
export function folioAround({ cache }: GmemFile, index: number): Pages | null {
  const page = valueAt(cache, index);
  if (page?.huge !== true) return null;
  const [start, end] = [roundDown(index, 2), roundUp(index + 1, 2)];
  const alike = within(cache, start, end).every(({ value }) => value.uptodate === page.uptodate);
  return alike ? { start, end, frame: page.frame, folio: true } : null;
}

/**
 * The parts of a range that cover a page or a folio only partly.
 * @param beyond The range also contains the first byte of page `end`.
 */
export function partlyCovered({ cache }: GmemFile, { start, end }: Range, beyond: boolean): readonly Pages[] {
  const last = beyond ? end + 1 : end;
  const found = new Map<number, Pages>();
  for (const edge of [start, last - 1]) {
    const page = valueAt(cache, edge);
    if (page === undefined) continue;
    const { frame, huge: folio } = page;
    const [first, limit] = folio ? [roundDown(edge, 2), roundUp(edge + 1, 2)] : [edge, edge + 1];
    if (first >= start && limit <= end) continue;
    found.set(first, { start: Math.max(first, start), end: Math.min(limit, last), frame, folio });
  }
  return [...found.values()];
}

/** Sets the uptodate flag: the pages were zeroed or filled. */
export function markUptodate(state: State, id: number, { start, end }: Range): State {
  const file = fileById(state, id);
  const cache = update(file.cache, start, end, (pages) => ({ ...pages, uptodate: true }));
  return putFile(state, { ...file, cache });
}

/** Poisons the page; a 2 MiB folio that contains it is split into single pages. */
export function poisonPage(state: State, id: number, index: number): State {
  const file = fileById(state, id);
  const whole = { start: roundDown(index, 2), end: roundUp(index + 1, 2) };
  const split = update(file.cache, whole.start, whole.end, (pages) => ({ ...pages, huge: false }));
  const cache = update(split, index, index + 1, (pages) => ({ ...pages, poisoned: true }));
  return putFile(state, { ...file, cache });
}

export interface FreedPages {
  /** File pages. */
  readonly pages: Range;
  readonly pfns: Range;
}

/** Removes file pages `[start, end)`; the remaining pages of a 2 MiB folio become single pages. */
export function removePages(
  before: State,
  id: number,
  { start, end }: Range,
): { state: State; freed: readonly FreedPages[] } {
  const file = fileById(before, id);
  const freed = within(file.cache, start, end).map((extent) => ({
    pages: { start: extent.start, end: extent.end },
    pfns: pfnsOf(extent),
  }));
  let cache = remove(file.cache, start, end);
  for (const edge of [start, end]) {
    if (edge >= file.pages || roundDown(edge, 2) === edge) continue;
    cache = update(cache, roundDown(edge, 2), roundUp(edge, 2), (pages) => ({ ...pages, huge: false }));
  }
  const state = putFile(before, { ...file, cache });
  return {
    state: freePages(
      state,
      freed.map(({ pfns }) => pfns),
    ),
    freed,
  };
}
