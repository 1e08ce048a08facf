/** Describes one page of the guest or of a file. */
import {
  bytesOf,
  type Extent,
  entryAt,
  extentAt,
  filePagesOfGfns,
  type GmemFile,
  gfnsBoundTo,
  type HostedVm,
  isPrivate,
  type Leaf,
  pagesPer,
  type Range,
  type Root,
  roundDown,
  type Slot,
  type State,
  slotAt,
  type VmState,
  valueAt,
  vmOf,
  within,
} from '../simulator';
import {
  type FieldValue,
  listOf,
  nothing,
  numberOf,
  rangeOf,
  type Value,
  type ValueOf,
  word,
  yesNo,
} from './value';

/** Whether the host has a guest that uses the Reverse Map Table. */
export function hasRmp(state: State): boolean {
  return state.vms.some(({ type }) => type === 'sev-snp');
}

export const NO_RMP = { problem: 'There is no RMP: the host runs no sev-snp VM.' };

/** The leaf SPTE that maps a gfn, from the first root that has one. */
export function spteAt(of: HostedVm, roots: readonly Root[], gfn: number): Value {
  for (const root of roots) {
    const run = extentAt(root.leaves, gfn);
    if (run === undefined) continue;
    const start = Math.max(run.start, roundDown(gfn, run.value.level));
    const end = Math.min(run.end, start + pagesPer(run.value.level));
    return leafValue({ start, end, value: run.value }, of);
  }
  return nothing('not mapped');
}

export function leafValue(leaf: Extent<Leaf>, { state, vm }: HostedVm): ValueOf<'leaf'> {
  return { kind: 'leaf', leaf, state, vm };
}

/** The leaves in a range of gfns, from the first root that has any. */
export function leavesIn(of: HostedVm, roots: readonly Root[], { start, end }: Range): Value {
  const watch = { target: { kind: 'gfns', vm: of.vm.id, start, end }, what: null } as const;
  const found = roots.map((root) => within(root.leaves, start, end)).find((leaves) => leaves.length > 0);
  return listOf(found ?? [], (leaf) => leafValue(leaf, of), watch);
}

/** The roots that map a gfn; on TDX, private memory has its own root. */
export function rootsFor(vm: VmState, gfn: number): readonly Root[] {
  const valid = vm.roots.filter(({ invalid }) => !invalid);
  const first = vm.type === 'tdx' && isPrivate(vm, gfn) ? 'mirror' : 'direct';
  return [...valid.filter(({ kind }) => kind === first), ...valid.filter(({ kind }) => kind !== first)];
}

/** The RMP entry of a host page. */
export function rmpEntryAt(state: State, pfn: number): Value {
  const entry = entryAt(state.rmp, pfn);
  const start = pfn - (pfn % pagesPer(entry.pageSize));
  return { kind: 'rmp-entry', entry: { start, end: start + pagesPer(entry.pageSize), value: entry }, state };
}

interface FilePage {
  readonly file: GmemFile;
  readonly index: number;
}

/** The file page that backs a gfn of a slot. */
function filePageAt(state: State, slot: Slot | undefined, gfn: number): FilePage | null {
  if (slot?.gmem?.file === null || slot?.gmem?.file === undefined) return null;
  const file = state.files[slot.gmem.file];
  const { start } = filePagesOfGfns(slot, slot.gmem.pgoff, { start: gfn, end: gfn + 1 });
  return file === undefined ? null : { file, index: start };
}

/** The pfn of a file page; null if it is not allocated. */
function pfnOfPage({ file, index }: FilePage): number | null {
  const page = valueAt(file.cache, index);
  return page === undefined ? null : index + page.frame;
}

/** The pfn that backs a gfn: the file page if the gfn is private, otherwise the mapped page. */
export function pfnAt(of: HostedVm, gfn: number): number | null {
  const { state, vm } = of;
  const page = filePageAt(state, slotAt(vm, gfn), gfn);
  if (page !== null && (isPrivate(vm, gfn) || slotAt(vm, gfn)?.gmemOnly)) return pfnOfPage(page);
  const spte = spteAt(of, rootsFor(vm, gfn), gfn);
  if (spte.kind !== 'leaf' || spte.leaf.value.kind !== 'mapped') return null;
  const { frame } = spte.leaf.value;
  return frame === 'zero' ? 0 : gfn + frame;
}

function rmpField(state: State, pfn: number | null): readonly FieldValue[] {
  if (!hasRmp(state)) return [];
  return [{ name: 'rmp', value: pfn === null ? nothing() : rmpEntryAt(state, pfn) }];
}

function pageOfFile(page: FilePage | null): Value {
  if (page === null) return nothing();
  return rangeOf({ start: page.index, end: page.index + 1 }, 'page', page.file.name);
}

function pfnValue(pfn: number | null): Value {
  return pfn === null ? nothing() : numberOf(pfn, 'pfn');
}

/** Describes a gfn: its slot, file page, attribute and SPTE. */
export function guestPage(of: HostedVm, gfn: number): Value {
  const { state, vm } = of;
  const slot = slotAt(vm, gfn);
  const pfn = pfnAt(of, gfn);
  const fields: FieldValue[] = [
    { name: 'gfn', value: numberOf(gfn, 'gfn') },
    { name: 'gpa', value: numberOf(bytesOf(gfn), 'bytes') },
    { name: 'slot', value: slot === undefined ? nothing() : { kind: 'slot', slot, state, vm } },
    { name: 'attribute', value: word(isPrivate(vm, gfn) ? 'private' : 'shared') },
    ...(vm.type === 'tdx' ? [{ name: 'accepted', value: yesNo(valueAt(vm.accepted, gfn) === true) }] : []),
    { name: 'file_page', value: pageOfFile(filePageAt(state, slot, gfn)) },
    { name: 'pfn', value: pfnValue(pfn) },
    { name: 'spte', value: spteAt(of, rootsFor(vm, gfn), gfn) },
    ...rmpField(state, pfn),
  ];
  const target = { kind: 'gfns', vm: vm.id, start: gfn, end: gfn + 1 } as const;
  return { kind: 'record', fields, watch: { target, what: null } };
}

/** Describes a file page: its pfn and its gfns. */
export function filePage(state: State, file: GmemFile, index: number): Value {
  if (index >= file.pages) return nothing(`${file.name} ends before page 0x${index.toString(16)}`);
  const pfn = pfnOfPage({ file, index });
  const vm = vmOf(state, file.vmId);
  const bound = gfnsBoundTo(state, file.id, { start: index, end: index + 1 });
  const fields: FieldValue[] = [
    { name: 'page', value: pageOfFile({ file, index }) },
    { name: 'offset', value: numberOf(bytesOf(index), 'bytes') },
    { name: 'pfn', value: pfnValue(pfn) },
    { name: 'slots', value: listOf(bound, ({ slot }) => ({ kind: 'slot', slot, state, vm })) },
    { name: 'gfns', value: listOf(bound, (gfns) => rangeOf(gfns, 'gfn')) },
    ...rmpField(state, pfn),
  ];
  const target = { kind: 'file-pages', file: file.name, start: index, end: index + 1 } as const;
  return { kind: 'record', fields, watch: { target, what: null } };
}
