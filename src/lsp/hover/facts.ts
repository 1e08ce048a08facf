import { type Statement, suffixed } from '../../language';
import { filePagesText, gfnText, hex, markdownCode, rangeText } from '../../outcome';
import {
  bytesOf,
  elementAt,
  fileByName,
  filePagesOfGfns,
  gfnsOf,
  gfnsOfFilePages,
  type HostedVm,
  isPrivate,
  kernelOf,
  memoryOf,
  PAGE_SIZE,
  pageCount,
  type Range,
  type Slot,
  type State,
  slotAt,
  slotById,
  slotsTouching,
  type VmState,
  valueAt,
  vmOf,
  within,
} from '../../simulator';
import {
  askedFilePages,
  boundRanges,
  bytesText,
  countText,
  fileOf,
  gfnRange,
  gfnsFrom,
  offsetRange,
} from '../arithmetic';

/** Hover texts about a state, in Markdown: the arithmetic of addresses, pages and slots. */

function pagesText(count: number): string {
  return `${countText(count, 'page')} (${suffixed(bytesOf(count))})`;
}

function bindingText({ gmem, pages }: Slot, state: State): string {
  if (gmem === null) return 'no guest_memfd';
  const range = { start: gmem.pgoff, end: gmem.pgoff + pages };
  const name = gmem.file === null ? 'a closed file' : markdownCode(elementAt(state.files, gmem.file).name);
  return `${name} ${filePagesText([range])} · offset ${bytesText(range)}`;
}

/** The current VM: its type, its vCPUs, and whether it can run. */
export function vmFacts({ id, type, vcpus, launched, dead, slots }: VmState): string[] {
  const state = [...(launched ? [] : ['launch not finished']), ...(dead ? ['dead'] : [])];
  const parts = [type, countText(vcpus.length, 'vCPU'), countText(slots.length, 'slot'), ...state];
  return [`**VM ${id}**: ${parts.join(' · ')}`];
}

/** A slot on one line: `slot 1: gfn 0x90000..0x90100 = A pages 0x200..0x300`. */
export function slotLine(id: number, { state, vm }: HostedVm): string {
  const slot = slotById(vm, id);
  if (slot === undefined) return `slot ${id}`;
  const { pages, gmem } = slot;
  const head = `slot ${id}: ${gfnText(gfnsOf(slot))}`;
  if (gmem === null || gmem.file === null) return head;
  return `${head} = ${elementAt(state.files, gmem.file).name} ${filePagesText([{ start: gmem.pgoff, end: gmem.pgoff + pages }])}`;
}

/** A slot: its gfns, its addresses, and the pages of its file. */
export function slotFacts(id: bigint, { state, vm }: HostedVm): string[] {
  const slot = slotById(vm, Number(id));
  if (slot === undefined) return [`slot ${id} does not exist at this point`];
  const gfns = gfnsOf(slot);
  const flags = [slot.readonly ? 'readonly' : '', slot.gmemOnly ? 'guest_memfd only' : ''].filter(Boolean);
  return [
    [`**slot ${id}**: gfn ${rangeText(gfns)}`, pagesText(slot.pages), ...flags].join(' · '),
    `gpa ${bytesText(gfns)}`,
    bindingText(slot, state),
  ];
}

/** The slot that a statement requests, from its own numbers, whether or not KVM accepts it. */
export function askedSlotFacts(statement: Statement): string[] {
  const gfns = gfnRange(statement);
  if (gfns === null) return [];
  const lines = [
    `**requested**: gfn ${rangeText(gfns)} · ${pagesText(gfns.end - gfns.start)}`,
    `gpa ${bytesText(gfns)}`,
  ];
  const file = statement.names.file;
  const pages = askedFilePages(statement);
  if (file === undefined || pages === null) return lines;
  return [...lines, `${markdownCode(file.text)} ${filePagesText([pages])} · offset ${bytesText(pages)}`];
}

/** The requested target of a move of a slot. */
export function askedMoveFacts(statement: Statement, { vm }: HostedVm): string[] {
  const slot = slotById(vm, Number(statement.numbers.slot?.value ?? -1n));
  const gfns = slot === undefined ? null : gfnsFrom(statement, slot.pages);
  return gfns === null ? [] : [`**requested**: gfn ${rangeText(gfns)} · gpa ${bytesText(gfns)}`];
}

/** A file: its size, its allocated pages, and the gfns of its bindings. */
export function fileFacts(name: string, state: State): string[] {
  const file = fileByName(state, name);
  if (file === null)
    return [`${markdownCode(name)} is a bad descriptor at this point: calls fail with EBADF`];
  const vm = vmOf(state, file.vmId);
  const bindings = [...new Set(file.bindings.map(({ value }) => value.id))].flatMap((id) => {
    const slot = slotById(vm, id);
    if (!slot?.gmem) return [];
    const pages = { start: slot.gmem.pgoff, end: slot.gmem.pgoff + slot.pages };
    const gfns = gfnsOfFilePages(slot, slot.gmem.pgoff, pages);
    return [`- ${filePagesText([pages])} = slot ${id} gfn ${rangeText(gfns)}`];
  });
  return [
    `**file ${markdownCode(name)}**: ${pagesText(file.pages)} · ${countText(pageCount(file.cache), 'page')} allocated`,
    ...(bindings.length === 0 ? ['bound to no slot'] : [bindings.join('\n')]),
  ];
}

/** An address: its gfn, its slot, and its offsets in the slot and the file. */
export function addressFacts(gpa: bigint, { state, vm }: HostedVm): string[] {
  const page = gpa / PAGE_SIZE;
  const { gfnLimit } = kernelOf(state.setup);
  if (page >= BigInt(gfnLimit))
    return [`gfn ${hex(page)}: above the physical address limit of the simulated CPU`];
  const gfn = Number(page);
  const kind = isPrivate(vm, gfn) ? 'private' : 'shared';
  const slot = slotAt(vm, gfn);
  if (slot === undefined) return [`gfn ${hex(gfn)} · in no slot · ${kind}`];
  const within = gpa - bytesOf(slot.baseGfn);
  const lines = [
    `gfn ${hex(gfn)} · slot ${slot.id} at ${hex(within)} (page ${hex(gfn - slot.baseGfn)}) · ${kind}`,
  ];
  if (slot.gmem === null) return lines;
  const index = filePagesOfGfns(slot, slot.gmem.pgoff, { start: gfn, end: gfn + 1 }).start;
  const name =
    slot.gmem.file === null ? 'a closed file' : markdownCode(elementAt(state.files, slot.gmem.file).name);
  return [...lines, `${name} page ${hex(index)} · offset ${hex(within + bytesOf(slot.gmem.pgoff))}`];
}

/** A range of a file: its pages, and their gfns in each bound slot. */
export function fileRangeFacts(statement: Statement, state: State): string[] {
  const pages = offsetRange(statement);
  const file = fileOf(statement, state);
  if (pages === null || file === null) return [];
  const cached = within(file.cache, pages.start, pages.end);
  const poisoned = pageCount(cached.filter(({ value }) => value.poisoned));
  const size = pagesText(pages.end - pages.start);
  const bad = poisoned === 0 ? '' : ` · ${poisoned} poisoned`;
  const present = `${pageCount(cached)} allocated${bad}`;
  const head = `${markdownCode(file.name)} ${filePagesText([pages])} · ${size} · ${present}`;
  const slots = boundRanges(statement, state).map(
    ({ slot, start, end }) => `- slot ${slot.id} ${gfnText({ start, end })} · ${pagesText(end - start)}`,
  );
  return [head, slots.length === 0 ? 'bound to no slot' : slots.join('\n')];
}

function cut({ start, end }: Range, { baseGfn, pages }: Slot): Range {
  return { start: Math.max(start, baseGfn), end: Math.min(end, baseGfn + pages) };
}

/** A range of guest memory: its gfns and slots. */
export function guestRangeFacts(statement: Statement, { vm }: HostedVm): string[] {
  const gfns = gfnRange(statement);
  if (gfns === null) return [];
  const count = gfns.end - gfns.start;
  const shared = count - pageCount(within(vm.privateGfns, gfns.start, gfns.end));
  const attributes = shared === 0 ? 'private' : shared === count ? 'shared' : `${shared} of them shared`;
  const slots = slotsTouching(vm, gfns.start, gfns.end).map((slot) => {
    const part = cut(gfns, slot);
    const pages = slot.gmem === null ? null : filePagesOfGfns(slot, slot.gmem.pgoff, part);
    return `- slot ${slot.id} ${gfnText(part)}${pages === null ? '' : ` · file ${filePagesText([pages])}`}`;
  });
  const head = `gfn ${rangeText(gfns)} · ${pagesText(count)} · ${attributes}`;
  return [head, slots.length === 0 ? 'in no slot' : slots.join('\n')];
}

/** A range of a slot's userspace memory: its pages, and the gfns that map it. */
export function memoryFacts(statement: Statement, { vm }: HostedVm): string[] {
  const id = statement.numbers.slot?.value;
  const pages = offsetRange(statement);
  if (id === null || id === undefined || pages === null) return [];
  const slot = slotById(vm, Number(id));
  const memory = memoryOf(vm, Number(id));
  if (slot === undefined || memory === undefined) return [`slot ${id} has no userspace memory at this point`];
  if (pages.end > memory.pages) return [`beyond the slot's userspace memory of ${pagesText(memory.pages)}`];
  const gfns = { start: slot.baseGfn + pages.start, end: slot.baseGfn + pages.end };
  return [`${filePagesText([pages])} of slot ${id}'s userspace memory · ${gfnText(gfns)}`];
}

/** Whether a TDX guest has accepted the page at an address. */
export function acceptanceFacts(statement: Statement, { vm }: HostedVm): string[] {
  const gpa = statement.numbers.gpa?.value;
  if (vm.type !== 'tdx' || gpa === null || gpa === undefined) return [];
  const gfn = Number(gpa / PAGE_SIZE);
  return [valueAt(vm.accepted, gfn) === true ? 'accepted by the guest' : 'not accepted by the guest'];
}
