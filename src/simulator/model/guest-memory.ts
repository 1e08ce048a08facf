/** Finds the page behind a gfn, a file page, or a page of userspace memory, whether or not it is mapped. */
import { valueAt } from '../ranges';
import type { GmemFile, HostMemory, Slot, State, VmState } from '../state';
import { filePagesOfGfns } from './bindings';
import { pageAt } from './host-memory';
import { isPrivate, memoryOf, slotAt } from './state-parts';

/** A pfn; `absent` if the first access would allocate a zeroed page; null if there can be no page. */
export type Backing = number | 'absent' | null;

export function backingOfFilePage({ cache, pages }: GmemFile, index: number): Backing {
  if (index >= pages) return null;
  const page = valueAt(cache, index);
  if (page?.poisoned === true) return null;
  return page === undefined ? 'absent' : index + page.frame;
}

/** The zero page counts as absent: a reader finds zeroes in both cases. */
export function backingOfMemoryPage(memory: HostMemory, index: number): Backing {
  if (index >= memory.pages) return null;
  const page = pageAt(memory, index);
  return page?.kind === 'own' ? index + page.frame : 'absent';
}

function fileOf(state: State, { gmem }: Slot): GmemFile | undefined {
  return gmem === null || gmem.file === null ? undefined : state.files[gmem.file];
}

/** The page that an access would reach if it is private or shared as the attribute of the gfn says. */
export function backingOfGfn(state: State, vm: VmState, gfn: number): Backing {
  const slot = slotAt(vm, gfn);
  if (slot === undefined) return null;
  if (slot.gmemOnly || isPrivate(vm, gfn)) {
    const file = fileOf(state, slot);
    if (file === undefined || slot.gmem === null) return null;
    const { start } = filePagesOfGfns(slot, slot.gmem.pgoff, { start: gfn, end: gfn + 1 });
    return backingOfFilePage(file, start);
  }
  const memory = memoryOf(vm, slot.id);
  return memory === undefined ? null : backingOfMemoryPage(memory, gfn - slot.baseGfn);
}
