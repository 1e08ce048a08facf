/** What the host sees in a memory: a guest's private memory is ciphertext to it, where there is a key. */
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

/** The state with a VM spread out; null where there is no such VM. */
function seenBy(state: State, id: number | null): State | null {
  const vm = allVms(state).find(({ vmId }) => vmId === (id ?? state.vmId));
  return vm === undefined ? null : { ...state, ...vm };
}

/** Whether there is such a VM, file or slot in the state. */
export function hasSpace(state: State, space: Space): boolean {
  if (space.kind === 'file') return state.files[space.file] !== undefined;
  if (space.kind === 'host') return true;
  const seen = seenBy(state, space.vm);
  return seen !== null && (space.kind === 'gpa' || memoryOf(seen, space.slot) !== undefined);
}

/** The page of a space, of the VM that is spread out in the state. */
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

/** Bytes that are read at once at most. */
export const MOST_BYTES = 16 << 20;

/** Bytes of memory, as far as they can be read from the first on. */
export interface MemoryRead {
  readonly data: Uint8Array;
  /** How many follow that cannot be read; where the first cannot, up to the next that can. */
  readonly unreadable: number;
}

/** Runs of equal bytes of a page, null for unreadable ones. */
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

/** Calls `visit` with runs of equal bytes, null for unreadable ones, until it returns false. */
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
 * Reads `count` bytes. What follows the first byte that cannot be read counts as unreadable, whatever it is: VS Code takes
 * what is neither data nor unreadable for zeroes.
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

/** Whether an address is one that a space can have at all. */
export function isAddress(address: bigint): boolean {
  return address >= 0n && address <= bytesOf(Number.MAX_SAFE_INTEGER);
}
