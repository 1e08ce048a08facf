/** Linux's memory management for a slot's userspace memory: faults, copy on write, MADV_DONTNEED. */
import type { Errno } from '../errno';
import type { HostPagesEvent } from '../events';
import type { Machine } from '../machine';
import { freePages, NO_KEY, readAt, writeValue } from '../model/contents';
import { nextFrames } from '../model/frames';
import {
  chunkRange,
  dropPages,
  isHuge,
  mapHugePage,
  mapHugeZero,
  mapOwn,
  mapZero,
  mayBeHuge,
  ownPages,
  pageAt,
  splitChunk,
} from '../model/host-memory';
import { memoryOf, putMemory } from '../model/state-parts';
import { type Control, call, choose, goto, procedure, returns, step } from '../procedure';
import type { Range } from '../ranges';
import type { HostMemory } from '../state';
import { bytesOf, isPageAligned, offsetInPage, PAGE_SIZE, pageOf, U64 } from '../units';
import { hostWrites } from './host-write';
import { mmapLock } from './locks';
import { invalidateRangeEnd, invalidateRangeStart } from './notifier';
import { finish, reject } from './results';

/** @throws Error if no memory is mapped for that slot id; callers check first. */
function memoryById(machine: Machine, id: number): HostMemory {
  const memory = memoryOf(machine.vm, id);
  if (memory === undefined) throw new Error(`no memory is mapped for slot ${id}`);
  return memory;
}

interface MmFaultLocals {
  memory: number;
  page: number;
  /** End of a run of untouched pages that are read; otherwise `page + 1`. */
  end: number;
  write: boolean;
}

const zeroPage = ({ memory, page }: MmFaultLocals) => ({ memory, start: page, end: page + 1 });
const zeroChunk = ({ memory, page }: MmFaultLocals) => ({ memory, ...chunkRange(page) });

function tellPages(machine: Machine, slot: number, { start, end }: Range, now: HostPagesEvent['now']): void {
  machine.emit({ type: 'host-pages', slot, start, end, now });
}

/** The kernel zeroes the next page that it allocates. The 2 MiB of a huge page contain no page of a guest. */
function zeroNewPage(machine: Machine, huge: boolean): Control | undefined {
  return hostWrites(machine, nextFrames(machine.state, huge ? 512 : 1, huge));
}

/** First touch of pages [page, end), which are all untouched; a write touches one page. */
function touchFirst(machine: Machine, memory: HostMemory, { page, end, write }: MmFaultLocals): void {
  const huge = mayBeHuge(memory, page);
  const range = huge ? { start: chunkRange(page).start, end: chunkRange(end - 1).end } : { start: page, end };
  if (write) {
    machine.state = (huge ? mapHugePage : mapOwn)(machine.state, machine.vmId, memory, page);
    tellPages(machine, memory.id, range, huge ? 'huge page' : 'own pages');
  } else {
    machine.vm = putMemory(machine.vm, (huge ? mapHugeZero : mapZero)(memory, range));
    tellPages(machine, memory.id, range, huge ? 'huge zero page' : 'zero page');
  }
}

/** The step at which the fault continues for a present page; undefined if the page is absent. */
function ofPresentPage({ vm }: Machine, locals: MmFaultLocals): Control | undefined {
  const memory = memoryOf(vm, locals.memory);
  // The VMM has unmapped it: VM_FAULT_SIGSEGV.
  if (memory === undefined) return goto('HM3r');
  const page = pageAt(memory, locals.page);
  if (page === undefined) return undefined;
  if (page.kind === 'own' || !locals.write) return goto('HM3r');
  return goto(isHuge(memory, locals.page) ? 'HM4' : 'HM3z');
}

const mmapRead = mmapLock<{ memory: number }>('read', ({ memory }) => memory);

export const handleMmFault = procedure<MmFaultLocals>({
  name: 'handle_mm_fault',
  source: 'mm/memory.c',
  about:
    "Maps pages of the VMM's anonymous memory on the first touch, and copies the zero page on the first write.",
  locals: { memory: 0, page: 0, end: 0, write: false },
  steps: [
    step(
      'HM1',
      'take mmap_lock, shared. Absent: first touch (HM2); zero page written to: copy on write (HM3z, HM4); else done (HM3r)',
      ofPresentPage,
      { takes: mmapRead },
    ),
    step(
      'HM2',
      'if it is still absent (otherwise as HM1), map the (huge) zero page for a read; for a write a zeroed page, huge if the 2 MiB allow it',
      (machine, locals) => {
        const elsewhere = ofPresentPage(machine, locals);
        if (elsewhere !== undefined) return elsewhere;
        const memory = memoryById(machine, locals.memory);
        const stopped = locals.write ? zeroNewPage(machine, mayBeHuge(memory, locals.page)) : undefined;
        if (stopped !== undefined) return stopped;
        touchFirst(machine, memory, locals);
        return goto('HM3r');
      },
    ),

    step('HM3z', 'zero page: zero a new page', (machine) => zeroNewPage(machine, false)),
    step('HM3', 'notify KVM that the page is about to be replaced', (_, locals) =>
      call(invalidateRangeStart, zeroPage(locals)),
    ),
    step('HM3p', 'map the zeroed page if the zero page is still mapped', (machine, locals) => {
      const { memory, page } = locals;
      if (pageAt(memoryById(machine, memory), page)?.kind !== 'zero') return undefined;
      machine.state = mapOwn(machine.state, machine.vmId, memoryById(machine, memory), page);
      tellPages(machine, memory, { start: page, end: page + 1 }, 'own pages');
      return undefined;
    }),
    step('HM3e', 'notify KVM that it is done', (_, locals) => call(invalidateRangeEnd, zeroPage(locals))),
    step('HM3r', 'drop mmap_lock; return', () => returns(), { drops: mmapRead }),

    step('HM4', 'huge zero page: notify KVM that the 2 MiB are about to be replaced', (_, locals) =>
      call(invalidateRangeStart, zeroChunk(locals)),
    ),
    choose('huge-zero-write', {
      split: [
        step('HM4p', 'split it into 512 zero pages', (machine, { memory: id, page }) => {
          machine.vm = putMemory(machine.vm, splitChunk(memoryById(machine, id), page));
          return undefined;
        }),
        step('HM4e', 'notify KVM that it is done', (_, locals) =>
          call(invalidateRangeEnd, zeroChunk(locals)),
        ),
        step('HM4r', 'continue as for a zero page (HM3z)', () => goto('HM3z')),
      ],
      'huge-page': [
        step('HM4p', 'map a zeroed huge page', (machine, { memory: id, page }) => {
          machine.state = mapHugePage(machine.state, machine.vmId, memoryById(machine, id), page);
          tellPages(machine, id, chunkRange(page), 'huge page');
          return undefined;
        }),
        step('HM4e', 'notify KVM that it is done', (_, locals) =>
          call(invalidateRangeEnd, zeroChunk(locals)),
        ),
        step('HM4r', 'drop mmap_lock; return', () => returns(), { drops: mmapRead }),
      ],
    }),
  ],
});

export interface HostAccess {
  id: bigint;
  access: 'read' | 'write';
  offset: bigint;
  value: number | null;
}

/** Performs the access on the present page; false if it faults again, because the page was removed meanwhile. */
export function touch(machine: Machine, { id, access, offset, value }: HostAccess): boolean {
  const memory = memoryOf(machine.vm, Number(id));
  const page = pageOf(offset);
  const there = memory === undefined ? undefined : pageAt(memory, page);
  if (there === undefined || (access === 'write' && there.kind === 'zero')) return false;
  const at = { pfn: there.kind === 'zero' ? 0 : page + there.frame, offset: offsetInPage(offset) };
  if (access === 'read') machine.emit({ type: 'read', ...readAt(machine.state, at, NO_KEY) });
  else if (value !== null) machine.state = writeValue(machine.state, at, value, NO_KEY);
  return true;
}

export const hostAccess = procedure<HostAccess>({
  name: 'page fault of the VMM',
  source: 'arch/x86/mm/fault.c',
  about: "The VMM process accesses one byte of a slot's userspace memory, or writes a four-byte value.",
  locals: { id: 0n, access: 'read', offset: 0n, value: null },
  steps: [
    step(
      'HA1',
      "EFAULT if the offset is outside the slot's memory; otherwise the host handles the fault",
      (machine, locals) => {
        const memory = memoryOf(machine.vm, Number(locals.id));
        if (memory === undefined) return reject(machine, 'EINVAL', 'unknown-slot');
        if (locals.offset >= bytesOf(memory.pages)) return reject(machine, 'EFAULT', 'outside-memory');
        const page = pageOf(locals.offset);
        return call(handleMmFault, {
          memory: memory.id,
          page,
          end: page + 1,
          write: locals.access === 'write',
        });
      },
    ),
    step(
      'HA2',
      'repeat the access; if the page was removed meanwhile, it faults again (HA1)',
      (machine, locals) => (touch(machine, locals) ? finish(machine, null) : goto('HA1')),
    ),
  ],
});

interface DontneedLocals {
  memory: number;
  start: number;
  end: number;
  /** First page of a huge mapping that the range covers only partly. */
  partial: number;
}

/** First page of the first huge chunk that [start, end) covers only partly; null if there is none. */
function partialChunk(memory: HostMemory, { start, end }: DontneedLocals): number | null {
  for (const page of [start, end - 1]) {
    const chunk = chunkRange(page);
    if (isHuge(memory, page) && (start > chunk.start || end < chunk.end)) return chunk.start;
  }
  return null;
}

function drop(machine: Machine, { memory: id, start, end }: DontneedLocals, freeTables: boolean): undefined {
  const memory = memoryById(machine, id);
  machine.state = freePages(machine.state, ownPages(memory, { start, end }));
  machine.vm = putMemory(machine.vm, dropPages(memory, { start, end }, freeTables));
  tellPages(machine, id, { start, end }, 'gone');
}

export const zapPageRange = procedure<DontneedLocals>({
  name: 'madvise_dontneed_single_vma',
  source: 'mm/madvise.c',
  about: 'Discards pages [start, end) of the memory; the next access finds zeroes.',
  locals: { memory: 0, start: 0, end: 0, partial: 0 },
  steps: [
    step('MD1', 'notify KVM that the pages are about to be discarded', (_, { memory, start, end }) =>
      call(invalidateRangeStart, { memory, start, end }),
    ),
    step(
      'MD2',
      'find a huge mapping that is covered only partly; if there is none, go to MD3',
      (machine, locals) => {
        const partial = partialChunk(memoryById(machine, locals.memory), locals);
        if (partial === null) return goto('MD3');
        locals.partial = partial;
        return undefined;
      },
    ),
    step('MD2n', 'notify KVM that the whole 2 MiB are about to change', (_, { memory, partial }) =>
      call(invalidateRangeStart, { memory, ...chunkRange(partial) }),
    ),
    step('MD2p', 'split it into a page table', (machine, { memory, partial }) => {
      machine.vm = putMemory(machine.vm, splitChunk(memoryById(machine, memory), partial));
      return undefined;
    }),
    step('MD2e', 'notify KVM that it is done', (_, { memory, partial }) =>
      call(invalidateRangeEnd, { memory, ...chunkRange(partial) }),
    ),
    step('MD2r', 'go to MD2', () => goto('MD2')),
    choose('discarded-table', {
      keep: [
        step('MD3', 'drop the pages; page tables stay', (machine, locals) => drop(machine, locals, false)),
      ],
      free: [
        step('MD3', 'drop the pages, and page tables whose 2 MiB are wholly covered', (machine, locals) =>
          drop(machine, locals, true),
        ),
      ],
    }),
    step('MD4', 'notify KVM that it is done', (_, { memory, start, end }) =>
      call(invalidateRangeEnd, { memory, start, end }),
    ),
    step('MD5', 'return', () => returns()),
  ],
});

/** Larger sizes wrap for every possible address of the memory; its exact address is not simulated. */
const MOST_BYTES = U64 - (1n << 47n) - 1n;

interface MadviseLocals {
  id: bigint;
  offset: bigint;
  size: bigint;
  result: Errno | null;
}

const mmapOfSlot = mmapLock<MadviseLocals>('read', ({ id }) => Number(id));

function fails(locals: MadviseLocals, errno: Errno): Control {
  locals.result = errno;
  return goto('MA3');
}

export const madvise = procedure<MadviseLocals>({
  name: 'madvise(MADV_DONTNEED)',
  source: 'mm/madvise.c',
  about: "The VMM discards part of a slot's userspace memory.",
  locals: { id: 0n, offset: 0n, size: 0n, result: null },
  steps: [
    step(
      'MA1',
      'EINVAL unless the start is page aligned and start + size does not wrap',
      (machine, locals) => {
        if (memoryOf(machine.vm, Number(locals.id)) === undefined) {
          return reject(machine, 'EINVAL', 'unknown-slot');
        }
        if (!isPageAligned(locals.offset)) return reject(machine, 'EINVAL', 'offset-unaligned');
        return locals.size > MOST_BYTES ? reject(machine, 'EINVAL', 'range-wraps') : undefined;
      },
    ),
    step(
      'MA2',
      'take mmap_lock, shared; nothing to do for size 0; ENOMEM for unmapped pages, after the others were discarded',
      (machine, locals) => {
        const memory = memoryOf(machine.vm, Number(locals.id));
        if (memory === undefined) return fails(locals, 'EINVAL');
        const limit = bytesOf(memory.pages);
        const { offset, size } = locals;
        if (size === 0n) return goto('MA3');
        if (offset >= limit) return fails(locals, 'ENOMEM');
        const last = offset + size + PAGE_SIZE - 1n;
        if (last - (last % PAGE_SIZE) > limit) locals.result = 'ENOMEM';
        const end = Math.min(pageOf(last), memory.pages);
        return call(zapPageRange, { memory: memory.id, start: pageOf(offset), end });
      },
      { takes: mmapOfSlot },
    ),
    step(
      'MA3',
      'drop mmap_lock; return',
      (machine, { result }) => {
        if (result === null) return finish(machine, null);
        return reject(machine, result, result === 'EINVAL' ? 'unknown-slot' : 'outside-memory');
      },
      { drops: mmapOfSlot },
    ),
  ],
});
