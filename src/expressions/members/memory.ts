/** Parts of memslots, of guest_memfd files and of userspace memory. */
import { gfnsBoundTo } from '../../simulator/model/bindings';
import type { Extent } from '../../simulator/ranges';
import type { FilePages, GmemFile, Slot, State } from '../../simulator/state';
import { bytesOf } from '../../simulator/units';
import { pageIndex } from '../page-numbers';
import { filePage } from '../pages';
import { listOf, nothing, numberOf, rangeOf, type Value, word, yesNo } from '../value';
import { type MemberTable, member } from './member';

/** The pages of its file that a slot shows; nothing where it has no file, or one that was closed. */
export function bindingOf({ gmem, pages }: Slot, { files }: State): Value {
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

function presentPages({ name }: GmemFile, extent: Extent<FilePages>): Value {
  const { frame, uptodate, huge } = extent.value;
  const pfns = { start: extent.start + frame, end: extent.end + frame };
  const fields = [
    { name: 'pages', value: rangeOf(extent, 'page', name) },
    { name: 'pfns', value: rangeOf(pfns, 'pfn') },
    { name: 'uptodate', value: yesNo(uptodate) },
    { name: 'huge', value: yesNo(huge) },
  ];
  const place = { kind: 'file-pages', file: name, start: extent.start, end: extent.end } as const;
  return { kind: 'record', fields, watch: { place, what: null } };
}

export const FILE_MEMBERS: MemberTable<'file'> = [
  member('id', 'its number', ({ file }) => numberOf(file.id, 'count')),
  member('name', 'what the scenario calls it', ({ file }) => word(file.name)),
  member('size', 'in bytes', ({ file }) => numberOf(bytesOf(file.pages), 'bytes')),
  member('pages', 'the pages that are present', ({ file }) => {
    const place = { kind: 'file-pages', file: file.name, start: 0, end: file.pages } as const;
    return listOf(file.cache, (extent) => presentPages(file, extent), { place, what: null });
  }),
  member('bindings', 'which pages are bound to which slot', ({ file, state }) =>
    listOf(file.bindings, (extent) => ({
      kind: 'record',
      fields: [
        { name: 'pages', value: rangeOf(extent, 'page', file.name) },
        { name: 'slot', value: numberOf(extent.value, 'count') },
        ...gfnsBoundTo(state, file.id, extent)
          .filter(({ slot }) => slot.id === extent.value)
          .map((gfns) => ({ name: 'gfns', value: rangeOf(gfns, 'gfn') })),
      ],
      watch: null,
    })),
  ),
  member('open', 'whether a reference is left', ({ file }) => yesNo(file.open)),
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
  member('chunks', 'what each 2 MiB are', ({ memory }) =>
    listOf(memory.chunks, (extent) => ({
      kind: 'record',
      fields: [
        { name: 'pages', value: rangeOf(extent, 'page') },
        { name: 'is', value: word(extent.value) },
      ],
      watch: null,
    })),
  ),
];
