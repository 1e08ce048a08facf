/**
 * Userspace memory behind a slot: private anonymous memory, its 2 MiB chunks and its pages. These functions only compute
 * the changes; the procedures decide when they happen and call the notifiers.
 * Facts: mm/memory.c, mm/huge_memory.c.
 */
import { gaps, put, type Range, remove, valueAt, within } from '../ranges';
import type { HostMemory, HostPage, State } from '../state';
import { roundDown } from '../units';
import { takeFrames } from './frames';
import { putMemory } from './state-parts';
import { putVm, vmOf } from './vms';

const CHUNK = 512;
const ZERO_PAGE: HostPage = { kind: 'zero', frame: 0 };

function chunkAt(memory: HostMemory, page: number) {
  return valueAt(memory.chunks, page) ?? 'untouched';
}

/** The page that a host page table maps at `page`; the huge zero page counts as zero pages. */
export function pageAt(memory: HostMemory, page: number): HostPage | undefined {
  return chunkAt(memory, page) === 'huge-zero-page' ? ZERO_PAGE : valueAt(memory.present, page);
}

export function isWritable(memory: HostMemory, page: number): boolean {
  return pageAt(memory, page)?.kind === 'own';
}

/** The 2 MiB around `page`. */
export function chunkRange(page: number): Range {
  const start = roundDown(page, 2);
  return { start, end: start + CHUNK };
}

/** Whether the first touch of the 2 MiB around `page` maps a huge page (thp_vma_allowable_order). */
export function mayBeHuge(memory: HostMemory, page: number): boolean {
  return memory.thp && chunkAt(memory, page) === 'untouched' && chunkRange(page).end <= memory.pages;
}

/** Whether the host maps the 2 MiB around `page` by one entry. */
export function isHuge(memory: HostMemory, page: number): boolean {
  const chunk = chunkAt(memory, page);
  return chunk === 'huge-page' || chunk === 'huge-zero-page';
}

/** Maps the huge zero page over whole untouched chunks. */
export function mapHugeZero(memory: HostMemory, { start, end }: Range): HostMemory {
  return { ...memory, chunks: put(memory.chunks, start, end, 'huge-zero-page') };
}

/** Gives the 2 MiB around `page` a huge page of its own. */
export function mapHugePage(before: State, vmId: number, memory: HostMemory, page: number): State {
  const { start, end } = chunkRange(page);
  const { state, pfn } = takeFrames(before, CHUNK, true);
  const mapped: HostMemory = {
    ...memory,
    chunks: put(memory.chunks, start, end, 'huge-page'),
    present: put(memory.present, start, end, { kind: 'own', frame: pfn - start }),
  };
  return putVm(state, putMemory(vmOf(state, vmId), mapped));
}

/** Maps the zero page at every absent page of the range; untouched chunks get a page table. */
export function mapZero(memory: HostMemory, range: Range): HostMemory {
  let { chunks, present } = memory;
  const first = chunkRange(range.start).start;
  const last = chunkRange(range.end - 1).end;
  for (const gap of gaps(chunks, first, last)) chunks = put(chunks, gap.start, gap.end, 'page-table');
  for (const gap of gaps(present, range.start, range.end))
    present = put(present, gap.start, gap.end, ZERO_PAGE);
  return { ...memory, chunks, present };
}

/** Gives `page` a page of its own, and a page table if there is none. */
export function mapOwn(before: State, vmId: number, memory: HostMemory, page: number): State {
  const { state, pfn } = takeFrames(before, 1);
  const tables = mapZero(memory, { start: page, end: page + 1 });
  const own: HostPage = { kind: 'own', frame: pfn - page };
  const present = put(tables.present, page, page + 1, own);
  return putVm(state, putMemory(vmOf(state, vmId), { ...tables, present }));
}

/** Splits the huge mapping of the 2 MiB around `page` into a page table that maps the same pages. */
export function splitChunk(memory: HostMemory, page: number): HostMemory {
  const { start, end } = chunkRange(page);
  const zero = chunkAt(memory, page) === 'huge-zero-page';
  return {
    ...memory,
    chunks: put(memory.chunks, start, end, 'page-table'),
    present: zero ? put(memory.present, start, end, ZERO_PAGE) : memory.present,
  };
}

/** pfns of the memory's own pages in the range. */
export function ownPages({ present }: HostMemory, { start, end }: Range): readonly Range[] {
  return within(present, start, end)
    .filter(({ value }) => value.kind === 'own')
    .map((pages) => ({ start: pages.start + pages.value.frame, end: pages.end + pages.value.frame }));
}

/** Removes the pages of the range; huge chunks inside it become untouched. */
export function dropPages(memory: HostMemory, range: Range, freeTables: boolean): HostMemory {
  let chunks = memory.chunks;
  for (const { start, end, value } of within(chunks, range.start, range.end)) {
    const whole = { start: chunkRange(start + CHUNK - 1).start, end: roundDown(end, 2) };
    const goes = value !== 'page-table' || freeTables;
    if (goes && whole.end > whole.start) chunks = remove(chunks, whole.start, whole.end);
  }
  return { ...memory, chunks, present: remove(memory.present, range.start, range.end) };
}
