/** Pages of a guest_memfd: bringing them in, and taking them out. */
import { gaps, put, type Range, remove, update, valueAt, within } from '../ranges';
import type { FilePages, GmemFile, State } from '../state';
import { roundDown, roundUp } from '../units';
import { freePages } from './contents';
import { takeFrames } from './frames';
import { fileById, putFile } from './state-parts';

/** A part of a file that is to be brought in: as 2 MiB folios, or page by page. */
interface Missing extends Range {
  readonly huge: boolean;
}

/** What of `[start, end)` is missing; 2 MiB that are missing whole come whole in a file with huge folios. */
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

/** The part of a gap that was asked for, page by page. */
function single(gap: Range, start: number, end: number): readonly Missing[] {
  const part = { start: Math.max(gap.start, start), end: Math.min(gap.end, end), huge: false };
  return part.start < part.end ? [part] : [];
}

/** Brings in what is missing of file pages `[start, end)`. Returns what came. */
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

/** File pages `[start, end)`, all there, with their frames. */
export interface Pages extends Range {
  /** pfn minus file index. */
  readonly frame: number;
  /** They are a folio of 2 MiB, whole. */
  readonly folio: boolean;
}

/**
 * The 2 MiB folio that page `index` is part of; null where it is a page by itself. So is a page of a folio of which some
 * pages are uptodate and others are not: LAUNCH_UPDATE fills folios in part, and a kernel that had them would have to
 * keep track of that.
 */
export function folioAround({ cache }: GmemFile, index: number): Pages | null {
  const page = valueAt(cache, index);
  if (page?.huge !== true) return null;
  const [start, end] = [roundDown(index, 2), roundUp(index + 1, 2)];
  const alike = within(cache, start, end).every(({ value }) => value.uptodate === page.uptodate);
  return alike ? { start, end, frame: page.frame, folio: true } : null;
}

/**
 * What a range has of folios that are not wholly in it.
 * @param beyond The range reaches into page `end`.
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

/** The pages are zeroed, or filled. */
export function markUptodate(state: State, id: number, { start, end }: Range): State {
  const file = fileById(state, id);
  const cache = update(file.cache, start, end, (pages) => ({ ...pages, uptodate: true }));
  return putFile(state, { ...file, cache });
}

/** The page is poisoned; a 2 MiB folio around it is split into single pages. */
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

/** Takes file pages `[start, end)` out; what is left of a 2 MiB folio is single pages then. */
export function removePages(
  before: State,
  id: number,
  { start, end }: Range,
): { state: State; freed: readonly FreedPages[] } {
  const file = fileById(before, id);
  const freed = within(file.cache, start, end).map((extent) => ({
    pages: { start: extent.start, end: extent.end },
    pfns: { start: extent.start + extent.value.frame, end: extent.end + extent.value.frame },
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
