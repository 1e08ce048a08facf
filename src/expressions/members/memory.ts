/** Members of memslots, guest_memfd files and userspace memory. */
import { bytesOf, gfnsBoundTo, gfnsOf, pfnsOf, type Slot, type State, slotById, vmOf } from '../../simulator';
import { pageIndex } from '../page-numbers';
import { filePage } from '../pages';
import { listOf, nothing, numberOf, rangeOf, type Value, vmValue, word, yesNo } from '../value';
import { type MemberTable, member } from './member';

/** The pages of the file that a slot is bound to; nothing if it has no file or the file was closed. */
function bindingOf({ gmem, pages }: Slot, { files }: State): Value {
  const file = gmem === null || gmem.file === null ? undefined : files[gmem.file];
  if (gmem === null || file === undefined) return nothing();
  return rangeOf({ start: gmem.pgoff, end: gmem.pgoff + pages }, 'page', file.name);
}

export const SLOT_MEMBERS: MemberTable<'slot'> = [
  member('id', 'its number', ({ slot }) => numberOf(slot.id, 'count')),
  member('gfns', 'its gfns', ({ slot }) => rangeOf(gfnsOf(slot), 'gfn')),
  member('gpa', 'its start address, in bytes', ({ slot }) => numberOf(bytesOf(slot.baseGfn), 'bytes')),
  member('size', 'in bytes', ({ slot }) => numberOf(bytesOf(slot.pages), 'bytes')),
  member('binding', 'the pages of its file it is bound to', ({ slot, state }) => bindingOf(slot, state)),
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
  member('pages', 'their indices', ({ file, pages }) => rangeOf(pages, 'page', file.name)),
  member('pfns', 'their host pages', ({ pages }) => rangeOf(pfnsOf(pages), 'pfn')),
  member('uptodate', 'zeroed by the first fault', ({ pages }) => yesNo(pages.value.uptodate)),
  member('huge', 'allocated as 2 MiB folios', ({ pages }) => yesNo(pages.value.huge)),
  member('poisoned', 'the hardware reported an error (PG_hwpoison)', ({ pages }) =>
    yesNo(pages.value.poisoned),
  ),
];

export const BINDING_MEMBERS: MemberTable<'binding'> = [
  member('pages', 'the pages of the file', ({ file, bound }) => rangeOf(bound, 'page', file.name)),
  member('slot', 'the slot they are bound to', ({ file, bound, state }) => {
    const vm = vmOf(state, file.vmId);
    const slot = slotById(vm, bound.value.id);
    return slot === undefined ? nothing() : { kind: 'slot', slot, state, vm };
  }),
  member('gfns', 'their gfns in the slot', ({ file, bound, state }) => {
    const gfns = gfnsBoundTo(state, file.id, bound).find(({ slot }) => slot.id === bound.value.id);
    return gfns === undefined ? nothing() : rangeOf(gfns, 'gfn');
  }),
];

export const FILE_MEMBERS: MemberTable<'file'> = [
  member('id', 'its number', ({ file }) => numberOf(file.id, 'count')),
  member('name', 'its name in the scenario', ({ file }) => word(file.name)),
  member('size', 'in bytes', ({ file }) => numberOf(bytesOf(file.pages), 'bytes')),
  member('pages', 'the allocated pages', ({ file }) => {
    const target = { kind: 'file-pages', file: file.name, start: 0, end: file.pages } as const;
    return listOf(file.cache, (pages) => ({ kind: 'file-pages', file, pages }), { target, what: null });
  }),
  member('bindings', 'the pages bound to each slot', ({ file, state }) =>
    listOf(file.bindings, (bound) => ({ kind: 'binding', file, bound, state })),
  ),
  member('vm', 'the VM it was created for', ({ file, state }, context) =>
    vmValue(vmOf(state, file.vmId), context),
  ),
  member(
    'references',
    'references to it: that of its descriptor, and those of calls that use it',
    ({ file }) => numberOf(file.references, 'count'),
  ),
  member('open', 'whether it has not been released', ({ file }) => yesNo(file.open)),
  member('leaked', 'whether a reference was leaked', ({ file }) => yesNo(file.leaked)),
  member('mmap', 'GUEST_MEMFD_FLAG_MMAP', ({ file }) => yesNo(file.mmap)),
  member('init_shared', 'GUEST_MEMFD_FLAG_INIT_SHARED', ({ file }) => yesNo(file.initShared)),
  member('huge', 'folios are 2 MiB where possible', ({ file }) => yesNo(file.huge)),
  {
    name: 'page',
    doc: 'one page, by its index',
    parameters: ['index'],
    call: ({ file, state }, [index]) => pageIndex(index, (page) => filePage(state, file, page)),
  },
];

export const MEMORY_MEMBERS: MemberTable<'memory'> = [
  member('size', 'in bytes', ({ memory }) => numberOf(bytesOf(memory.pages), 'bytes')),
  member('thp', 'MADV_HUGEPAGE', ({ memory }) => yesNo(memory.thp)),
  member('present', 'the pages that are present', ({ memory }) =>
    listOf(memory.present, (extent) => rangeOf(extent, 'page')),
  ),
];
