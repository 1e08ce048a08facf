/** Reads memory as the host sees it: private memory of a guest with an encryption key is ciphertext. */
import {
  type Backing,
  backingOfFilePage,
  backingOfGfn,
  backingOfMemoryPage,
  bytesOf,
  type Extent,
  type HostedVm,
  memoryOf,
  NO_KEY,
  offsetInPage,
  PAGE_SIZE,
  pageOf,
  type Range,
  readBytes,
  type VmState,
} from '../../simulator';
import type { MemoryPlace, Space } from './reference';

/** The VM whose memory a space is; undefined if there is no such VM. */
function vmOfSpace({ state, vm }: HostedVm, space: Space): VmState | undefined {
  return 'vm' in space && space.vm !== null ? state.vms[space.vm] : vm;
}

/**
 * Whether the VM, file or slot exists.
 * @param at The current VM, for spaces that name none.
 */
export function hasSpace(at: HostedVm, space: Space): boolean {
  if (space.kind === 'file') return at.state.files[space.file] !== undefined;
  if (space.kind === 'host') return true;
  const vm = vmOfSpace(at, space);
  return vm !== undefined && (space.kind === 'gpa' || memoryOf(vm, space.slot) !== undefined);
}

/** A page of a space; of the given VM if the space belongs to one. */
function backingIn({ state, vm }: HostedVm, space: Space, page: number): Backing {
  switch (space.kind) {
    case 'gpa':
      return backingOfGfn(state, vm, page);
    case 'file': {
      const file = state.files[space.file];
      return file === undefined ? null : backingOfFilePage(file, page);
    }
    case 'memory': {
      const memory = memoryOf(vm, space.slot);
      return memory === undefined ? null : backingOfMemoryPage(memory, page);
    }
    default:
      return page < state.next.frame ? page : null;
  }
}

/** Maximum number of bytes per read. */
export const MOST_BYTES = 16 << 20;

/** The readable bytes of memory, from the first on. */
export interface MemoryRead {
  readonly data: Uint8Array;
  /** Number of unreadable bytes that follow; if the first is unreadable, up to the next readable one. */
  readonly unreadable: number;
}

/** Runs of equal bytes of a page; null for unreadable bytes. */
function bytesIn(
  at: HostedVm | null,
  space: Space,
  page: number,
  range: Range,
): readonly Extent<number | null>[] {
  const backing = at === null ? null : backingIn(at, space, page);
  if (at === null || typeof backing !== 'number')
    return [{ ...range, value: backing === 'absent' ? 0 : null }];
  return readBytes(at.state, backing, range, NO_KEY).map((run) => ({
    ...run,
    value: typeof run.value === 'number' ? run.value : null,
  }));
}

/** Calls `visit` with runs of equal bytes (null for unreadable bytes) until it returns false. */
function eachRun(
  from: HostedVm,
  { space, address }: MemoryPlace,
  count: number,
  visit: (at: number, length: number, byte: number | null) => boolean,
): void {
  const vm = vmOfSpace(from, space);
  const owner = vm === undefined ? null : { state: from.state, vm };
  let at = 0;
  while (at < count) {
    const byte = address + BigInt(at);
    const offset = offsetInPage(byte);
    const end = Math.min(Number(PAGE_SIZE), offset + count - at);
    for (const { start, end: stop, value } of bytesIn(owner, space, pageOf(byte), { start: offset, end })) {
      if (!visit(at + start - offset, stop - start, value)) return;
    }
    at += end - offset;
  }
}

/**
 * Reads `count` bytes. Everything after the first unreadable byte counts as unreadable: VS Code shows bytes that are
 * neither data nor unreadable as zeroes.
 */
export function readMemory(from: HostedVm, place: MemoryPlace, count: number): MemoryRead {
  const data = new Uint8Array(count);
  let read = 0;
  let unreadable = 0;
  eachRun(from, place, count, (at, length, byte) => {
    if (byte === null) {
      unreadable += length;
      return read === 0;
    }
    if (unreadable > 0) return false;
    data.fill(byte, at, at + length);
    read = at + length;
    return true;
  });
  return { data: data.subarray(0, read), unreadable: read === 0 ? unreadable : count - read };
}

/** Whether an address is valid in any space. */
export function isAddress(address: bigint): boolean {
  return address >= 0n && address <= bytesOf(Number.MAX_SAFE_INTEGER);
}
