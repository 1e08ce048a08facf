/** What changed, as far as stale mappings of a VM depend on it: slots, attributes, userspace memory and files. */
import { commonEnds } from './common-ends';
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

interface WithId {
  readonly id: number;
}

/** The elements that one of two lists in the order of their ids has, and the other does not share. */
interface Unshared<T> {
  readonly before: ReadonlyMap<number, T>;
  readonly after: ReadonlyMap<number, T>;
}

function byId<T extends WithId>(all: readonly T[]): ReadonlyMap<number, T> {
  return new Map(all.map((one) => [one.id, one]));
}

function unshared<T extends WithId>(before: readonly T[], after: readonly T[]): Unshared<T> {
  if (before === after) return { before: new Map(), after: new Map() };
  const { head, tail } = commonEnds(before, after);
  return {
    before: byId(before.slice(head, before.length - tail)),
    after: byId(after.slice(head, after.length - tail)),
  };
}

/** gfns of the slots that came, went or moved, and of the userspace memory that changed below a slot. */
function movedSlots(before: VmState, after: VmState): readonly Range[] {
  const slots = unshared(before.slots, after.slots);
  const memories = unshared(before.memories, after.memories);
  const gfns: Range[] = [];
  for (const id of new Set([...slots.before.keys(), ...slots.after.keys()])) {
    if (addressSpaceOf(id) !== 0) continue;
    const [old, slot] = [slots.before.get(id), slots.after.get(id)];
    if (old !== undefined && slot !== undefined && samePlace(old, slot)) continue;
    gfns.push(...[old, slot].filter((one) => one !== undefined).map(gfnsOf));
  }
  for (const id of new Set([...memories.before.keys(), ...memories.after.keys()])) {
    const changed = memoryChanges(memories.before.get(id), memories.after.get(id));
    const slot = after.slots.find((one) => one.id === id);
    if (slot === undefined || addressSpaceOf(id) !== 0) continue;
    if (changed === null) gfns.push(gfnsOf(slot));
    else
      for (const { start, end } of changed)
        gfns.push({ start: slot.baseGfn + start, end: slot.baseGfn + end });
  }
  return gfns;
}

/** gfns of the slots whose file changed in the pages to which they are bound. */
function gfnsOfFileChanges({ slots }: VmState, files: readonly FileChanges[]): readonly Range[] {
  const changed = files.map(({ pages }) => union(pages));
  if (changed.every((pages) => pages.length === 0)) return [];
  const gfns: Range[] = [];
  for (const { id, baseGfn, pages: count, gmem } of slots) {
    const pages = gmem === null || gmem.file === null ? undefined : changed[gmem.file];
    const [first, last] = [pages?.[0], pages?.at(-1)];
    if (gmem === null || pages === undefined || first === undefined || last === undefined) continue;
    // There may be thousands of slots of the file: most are not bound to the pages that changed.
    if (gmem.pgoff >= last.end || gmem.pgoff + count <= first.start || addressSpaceOf(id) !== 0) continue;
    const toGfn = baseGfn - gmem.pgoff;
    for (const { start, end } of within(pages, gmem.pgoff, gmem.pgoff + count))
      gfns.push({ start: start + toGfn, end: end + toGfn });
  }
  return gfns;
}

/** pfns of the userspace memory of all VMs that was populated or freed. */
function memoryPfns(before: readonly VmState[], after: readonly VmState[]): readonly Range[] {
  const pfns: Range[] = [];
  for (let vm = 0; vm < Math.max(before.length, after.length); vm++) {
    const memories = unshared(before[vm]?.memories ?? [], after[vm]?.memories ?? []);
    for (const id of new Set([...memories.before.keys(), ...memories.after.keys()])) {
      const [old, now] = [memories.before.get(id), memories.after.get(id)];
      const present = differing(old?.present ?? [], now?.present ?? []);
      for (const page of [...present.before, ...present.after])
        if (page.value.kind === 'own') pfns.push(pfnsOf(page));
    }
  }
  return pfns;
}

export function mappingChanges(before: Mapping, after: Mapping): MappingChanges {
  const count = Math.max(before.files.length, after.files.length);
  const files = Array.from({ length: count }, (_, id) => fileChanges(before.files[id], after.files[id]));
  const attributes = changedPages(before.vm.privateGfns, after.vm.privateGfns);
  return {
    gfns: union([...attributes, ...movedSlots(before.vm, after.vm), ...gfnsOfFileChanges(after.vm, files)]),
    pfns: union([...files.flatMap(({ pfns }) => pfns), ...memoryPfns(before.vms, after.vms)]),
  };
}
