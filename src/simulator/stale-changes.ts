/** What changed, as far as stale mappings of a VM depend on it: slots, attributes, userspace memory and files. */
import { pfnsOf } from './model/frames';
import { addressSpaceOf, gfnsOf } from './model/state-parts';
import { changedPages, differing } from './range-changes';
import { type Range, type RangeSet, union, within } from './ranges';
import type { GmemFile, HostMemory, Slot, VmState } from './state';

/** A VM, and the host whose pages it may map. */
export interface Mapping {
  readonly vm: VmState;
  readonly files: readonly GmemFile[];
  readonly vms: readonly VmState[];
}

export interface MappingChanges {
  /** gfns behind which a fault may find something else than before. */
  readonly gfns: RangeSet;
  /** pfns of the pages that entered, left or changed in a file or in userspace memory. */
  readonly pfns: RangeSet;
}

/** Pages of a file that entered, left or changed, and their pfns before and after. */
interface FileChanges {
  readonly pages: readonly Range[];
  readonly pfns: readonly Range[];
}

const UNCHANGED: FileChanges = { pages: [], pfns: [] };

function fileChanges(before: GmemFile | undefined, after: GmemFile | undefined): FileChanges {
  if (before === after) return UNCHANGED;
  const caches = [before?.cache ?? [], after?.cache ?? []] as const;
  const pages = changedPages(...caches);
  const pfns = pages.flatMap(({ start, end }) =>
    caches.flatMap((cache) => within(cache, start, end)).map(pfnsOf),
  );
  return { pages, pfns };
}

function samePlace(a: Slot, b: Slot): boolean {
  return (
    a.baseGfn === b.baseGfn &&
    a.pages === b.pages &&
    a.gmemOnly === b.gmemOnly &&
    a.gmem?.file === b.gmem?.file &&
    a.gmem?.pgoff === b.gmem?.pgoff
  );
}

/** Pages of userspace memory that changed; null if the memory was mapped or unmapped. */
function memoryChanges(
  before: HostMemory | undefined,
  after: HostMemory | undefined,
): readonly Range[] | null {
  if (before === after) return [];
  if (before === undefined || after === undefined) return null;
  return [...changedPages(before.chunks, after.chunks), ...changedPages(before.present, after.present)];
}

function byId<T extends { readonly id: number }>(all: readonly T[]): ReadonlyMap<number, T> {
  return new Map(all.map((one) => [one.id, one]));
}

/** gfns of the slots that a fault may find something else behind. */
function slotChanges(before: Mapping, after: Mapping, files: readonly FileChanges[]): readonly Range[] {
  const [slotsBefore, slotsAfter] = [byId(before.vm.slots), byId(after.vm.slots)];
  const [memoriesBefore, memoriesAfter] = [byId(before.vm.memories), byId(after.vm.memories)];
  const gfns: Range[] = [];
  for (const id of new Set([...slotsBefore.keys(), ...slotsAfter.keys()])) {
    if (addressSpaceOf(id) !== 0) continue;
    const [old, slot] = [slotsBefore.get(id), slotsAfter.get(id)];
    const memory = memoryChanges(memoriesBefore.get(id), memoriesAfter.get(id));
    if (old === undefined || slot === undefined || !samePlace(old, slot) || memory === null) {
      gfns.push(...[old, slot].filter((one) => one !== undefined).map(gfnsOf));
      continue;
    }
    for (const { start, end } of memory) gfns.push({ start: slot.baseGfn + start, end: slot.baseGfn + end });
    if (slot.gmem === null || slot.gmem.file === null) continue;
    const toGfn = slot.baseGfn - slot.gmem.pgoff;
    const pages = files[slot.gmem.file]?.pages ?? [];
    for (const { start, end } of pages) gfns.push({ start: start + toGfn, end: end + toGfn });
  }
  return gfns;
}

/** pfns of the userspace memory of all VMs that was populated or freed. */
function memoryPfns(before: readonly VmState[], after: readonly VmState[]): readonly Range[] {
  return [...before, ...after].flatMap(({ id, memories }) => {
    const [old, now] = [before[id]?.memories, after[id]?.memories];
    if (old === now) return [];
    const other = byId((memories === now ? old : now) ?? []);
    return memories.flatMap((memory) =>
      differing(other.get(memory.id)?.present ?? [], memory.present)
        .after.filter(({ value }) => value.kind === 'own')
        .map(pfnsOf),
    );
  });
}

export function mappingChanges(before: Mapping, after: Mapping): MappingChanges {
  const count = Math.max(before.files.length, after.files.length);
  const files = Array.from({ length: count }, (_, id) => fileChanges(before.files[id], after.files[id]));
  const attributes = changedPages(before.vm.privateGfns, after.vm.privateGfns);
  return {
    gfns: union([...attributes, ...slotChanges(before, after, files)]),
    pfns: union([...files.flatMap(({ pfns }) => pfns), ...memoryPfns(before.vms, after.vms)]),
  };
}
