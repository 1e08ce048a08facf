/** Parts of memslots, of guest_memfd files and of userspace memory. */
import { gfnsBoundTo } from '../../simulator/model/bindings';
import { slotById } from '../../simulator/model/state-parts';
import { vmOf } from '../../simulator/model/vms';
import type { Slot, State } from '../../simulator/state';
import { bytesOf } from '../../simulator/units';
import { pageIndex } from '../page-numbers';
import { filePage } from '../pages';
import { listOf, nothing, numberOf, rangeOf, type Value, vmValue, word, yesNo } from '../value';
import { type MemberTable, member } from './member';

/** The pages of its file that a slot shows; nothing where it has no file, or one that was closed. */
function bindingOf({ gmem, pages }: Slot, { files }: State): Value {
  const file = gmem === null || gmem.file === null ? undefined : files[gmem.file];
  if (gmem === null || file === undefined) return nothing();
  return rangeOf({ start: gmem.pgoff, end: gmem.pgoff + pages }, 'page', file.name);
}

export const SLOT_MEMBERS: MemberTable<'slot'> = [
  member('id', 'its number', ({ slot }) => numberOf(slot.id, 'count')),
  member('gfns', 'the gfns it has', ({ slot }) =>
    rangeOf({ start: slot.baseGfn, end: slot.baseGfn + slot.pages }, 'gfn'),
  ),
  member('gpa', 'where it begins, in bytes', ({ slot }) => numberOf(bytesOf(slot.baseGfn), 'bytes')),
  member('size', 'in bytes', ({ slot }) => numberOf(bytesOf(slot.pages), 'bytes')),
  member('binding', 'the pages of its file that it shows', ({ slot, state }) => bindingOf(slot, state)),
  member('file', 'the guest_memfd it is bound to', ({ slot, state }) => {
    const file = slot.gmem === null || slot.gmem.file === null ? undefined : state.files[slot.gmem.file];
    return file === undefined ? nothing() : { kind: 'file', file, state };
  }),
  member('readonly', 'KVM_MEM_READONLY', ({ slot }) => yesNo(slot.readonly)),
  member('invalid', 'KVM_MEMSLOT_INVALID: being deleted or moved', ({ slot }) => yesNo(slot.invalid)),
  member('gmem_only', 'every fault is served from the file', ({ slot }) => yesNo(slot.gmemOnly)),
  member('mixed_2M', '2M pages that hold private and shared gfns', ({ slot }) =>
    listOf(slot.mixed[2], (extent) => rangeOf(extent, 'gfn')),
  ),
  member('mixed_1G', '1G pages that hold private and shared gfns', ({ slot }) =>
    listOf(slot.mixed[3], (extent) => rangeOf(extent, 'gfn')),
  ),
];

export const FILE_PAGES_MEMBERS: MemberTable<'file-pages'> = [
  member('pages', 'which they are', ({ file, pages }) => rangeOf(pages, 'page', file.name)),
  member('pfns', 'where they are in memory', ({ pages: { start, end, value } }) =>
    rangeOf({ start: start + value.frame, end: end + value.frame }, 'pfn'),
  ),
  member('uptodate', 'zeroed, by the first fault', ({ pages }) => yesNo(pages.value.uptodate)),
  member('huge', 'of 2 MiB folios', ({ pages }) => yesNo(pages.value.huge)),
  member('poisoned', 'the hardware reported an error there (PG_hwpoison)', ({ pages }) =>
    yesNo(pages.value.poisoned),
  ),
];

export const BINDING_MEMBERS: MemberTable<'binding'> = [
  member('pages', 'the pages of the file', ({ file, bound }) => rangeOf(bound, 'page', file.name)),
  member('slot', 'the slot that shows them', ({ file, bound, state }) => {
    const vm = vmOf(state, file.vmId);
    const slot = slotById(vm, bound.value);
    return slot === undefined ? nothing() : { kind: 'slot', slot, state, vm };
  }),
  member('gfns', 'where the slot shows them', ({ file, bound, state }) => {
    const gfns = gfnsBoundTo(state, file.id, bound).find(({ slot }) => slot.id === bound.value);
    return gfns === undefined ? nothing() : rangeOf(gfns, 'gfn');
  }),
];

export const FILE_MEMBERS: MemberTable<'file'> = [
  member('id', 'its number', ({ file }) => numberOf(file.id, 'count')),
  member('name', 'what the scenario calls it', ({ file }) => word(file.name)),
  member('size', 'in bytes', ({ file }) => numberOf(bytesOf(file.pages), 'bytes')),
  member('pages', 'the pages that are present', ({ file }) => {
    const place = { kind: 'file-pages', file: file.name, start: 0, end: file.pages } as const;
    return listOf(file.cache, (pages) => ({ kind: 'file-pages', file, pages }), { place, what: null });
  }),
  member('bindings', 'which pages are bound to which slot', ({ file, state }) =>
    listOf(file.bindings, (bound) => ({ kind: 'binding', file, bound, state })),
  ),
  member('vm', 'the VM that it was made for', ({ file, state }, scene) =>
    vmValue(vmOf(state, file.vmId), scene),
  ),
  member('open', 'whether a reference is left', ({ file }) => yesNo(file.open)),
  member('leaked', 'a reference to it that nobody will drop', ({ file }) => yesNo(file.leaked)),
  member('mmap', 'GUEST_MEMFD_FLAG_MMAP', ({ file }) => yesNo(file.mmap)),
  member('init_shared', 'GUEST_MEMFD_FLAG_INIT_SHARED', ({ file }) => yesNo(file.initShared)),
  member('huge', 'folios are 2 MiB where they can be', ({ file }) => yesNo(file.huge)),
  {
    name: 'page',
    doc: 'everything about one page, by its index',
    parameters: ['index'],
    call: ({ file, state }, [index]) => pageIndex(index, (page) => filePage(state, file, page)),
  },
];

export const MEMORY_MEMBERS: MemberTable<'memory'> = [
  member('size', 'in bytes', ({ memory }) => numberOf(bytesOf(memory.pages), 'bytes')),
  member('thp', 'MADV_HUGEPAGE', ({ memory }) => yesNo(memory.thp)),
  member('present', 'the pages that are there', ({ memory }) =>
    listOf(memory.present, (extent) => rangeOf(extent, 'page')),
  ),
];
