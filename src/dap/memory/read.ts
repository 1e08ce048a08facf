/** Reads memory as the host sees it: private memory of a guest with an encryption key is ciphertext. */
import { NO_KEY, readBytes } from '../../simulator/model/contents';
import {
  type Backing,
  backingOfFilePage,
  backingOfGfn,
  backingOfMemoryPage,
} from '../../simulator/model/guest-memory';
import { memoryOf } from '../../simulator/model/state-parts';
import { allVms } from '../../simulator/model/vms';
import type { Extent, Range } from '../../simulator/ranges';
import type { State } from '../../simulator/state';
import { bytesOf, offsetInPage, PAGE_SIZE, pageOf } from '../../simulator/units';
import type { MemoryPlace, Space } from './reference';

/** The state with a VM as the current one; null if there is no such VM. */
function seenBy(state: State, id: number | null): State | null {
  const vm = allVms(state).find(({ vmId }) => vmId === (id ?? state.vmId));
  return vm === undefined ? null : { ...state, ...vm };
}

/** Whether the VM, file or slot exists in the state. */
export function hasSpace(state: State, space: Space): boolean {
  if (space.kind === 'file') return state.files[space.file] !== undefined;
  if (space.kind === 'host') return true;
  const seen = seenBy(state, space.vm);
  return seen !== null && (space.kind === 'gpa' || memoryOf(seen, space.slot) !== undefined);
}

/** A page of a space, in the current VM of the state. */
function backingIn(state: State, space: Space, page: number): Backing {
  switch (space.kind) {
    case 'gpa':
      return backingOfGfn(state, page);
    case 'file': {
      const file = state.files[space.file];
      return file === undefined ? null : backingOfFilePage(file, page);
    }
    case 'memory': {
      const memory = memoryOf(state, space.slot);
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
  state: State | null,
  space: Space,
  page: number,
  range: Range,
): readonly Extent<number | null>[] {
  const backing = state === null ? null : backingIn(state, space, page);
  if (state === null || typeof backing !== 'number')
    return [{ ...range, value: backing === 'absent' ? 0 : null }];
  return readBytes(state, backing, range, NO_KEY).map((run) => ({
    ...run,
    value: typeof run.value === 'number' ? run.value : null,
  }));
}

/** Calls `visit` with runs of equal bytes (null for unreadable bytes) until it returns false. */
function eachRun(
  before: State,
  { space, address }: MemoryPlace,
  count: number,
  visit: (at: number, length: number, byte: number | null) => boolean,
): void {
  const state = seenBy(before, 'vm' in space ? space.vm : null);
  let at = 0;
  while (at < count) {
    const byte = address + BigInt(at);
    const offset = offsetInPage(byte);
    const end = Math.min(Number(PAGE_SIZE), offset + count - at);
    for (const { start, end: stop, value } of bytesIn(state, space, pageOf(byte), { start: offset, end })) {
      if (!visit(at + start - offset, stop - start, value)) return;
    }
    at += end - offset;
  }
}

/**
 * Reads `count` bytes. Everything after the first unreadable byte counts as unreadable: VS Code shows bytes that are
 * neither data nor unreadable as zeroes.
 */
export function readMemory(state: State, place: MemoryPlace, count: number): MemoryRead {
  const data = new Uint8Array(count);
  let read = 0;
  let unreadable = 0;
  eachRun(state, place, count, (at, length, byte) => {
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
