import fc from 'fast-check';
import { RELEASED_KERNELS } from '../../src/simulator';

/**
 * Scenarios of SEV-SNP hosts: files of 2 MiB and of 4 KiB pages, conversions, page state changes, validations
 * of both sizes, holes, memory errors, faults of both kinds, the host's instructions on the RMP, and further VMs between which
 * the scenario switches.
 *
 * As in `scenarios()`, a scenario is a list of draws, each interpreted against what the draws before it have
 * made: it shrinks by leaving out statements, and every text is a scenario without errors.
 */

/** Numbers out of which one statement is made. */
interface Draw {
  readonly kind: number;
  readonly which: number;
  readonly from: number;
  readonly length: number;
  readonly coin: boolean;
  /** Out of 16; the highest makes something that is likely to be refused. */
  readonly trouble: number;
}

interface FileShape {
  readonly name: string;
  readonly pages: number;
}

interface SlotShape {
  readonly id: number;
  readonly gfn: number;
  readonly pages: number;
  readonly file: FileShape;
  /** Of the binding, in pages. */
  readonly offset: number;
}

interface VmShape {
  readonly type: string;
  readonly vcpus: number;
  readonly files: Map<string, FileShape>;
  readonly slots: Map<number, SlotShape>;
}

interface Shapes {
  readonly vms: VmShape[];
  current: number;
}

const HUGE = 512;
const FILE_PAGES = [512, 513, 1024, 1536, 2048];
const GFNS = [0x80000, 0x80400, 0x80001, 0x90000, 0xa0200, 0x88000, 0x98000];
/** Of files that a VM has; each VM has letters of its own. */
const FILES_OF_VM = ['A', 'B', 'C'];
const MOST_SLOTS = 3;
const MOST_VMS = 3;
const FURTHER_VMS = ['sev-snp', 'sev-snp', 'sev-snp', 'sw-protected', 'tdx'];
const PERMISSIONS = ['none', 'r', 'rw', 'ru', 'rwus'];
const CONTENTS = ['', ' zero', ' unmeasured', ' secrets', ' cpuid'];

function pick<T>(values: readonly T[], draw: number): T {
  return values[draw % values.length]!;
}

function isTroubled({ trouble }: Draw): boolean {
  return trouble === 15;
}

function hex(page: number): string {
  return `0x${(page * 4096).toString(16)}`;
}

function sizeText(pages: number): string {
  return pages > 0 && pages % 256 === 0 ? `${pages / 256}M` : `${pages * 4}K`;
}

/** Pages in `[0, pages)`: one, 2 MiB, or a few, mostly inside. */
function rangeIn(draw: Draw, pages: number): { start: number; length: number } {
  const length = pick([1, HUGE, 1 + (draw.length % pages), 1 + (draw.length % 16)], draw.length);
  const start = length === HUGE ? draw.from - (draw.from % HUGE) : draw.from;
  const inside = start % pages;
  return { start: inside, length: isTroubled(draw) ? length : Math.min(length, pages - inside) };
}

/** A page of 4K or 2M of a slot; a 2M page begins at 2 MiB, unless there is to be trouble. */
function guestPage(draw: Draw, { gfn, pages }: SlotShape): string {
  const page = gfn + (draw.from % pages);
  if (!draw.coin) return `gpa ${hex(page)} size 4K`;
  return `gpa ${hex(isTroubled(draw) ? page : page - (page % HUGE))} size 2M`;
}

function guestRange(draw: Draw, { gfn, pages }: SlotShape): string {
  const { start, length } = rangeIn(draw, pages);
  return `gpa ${hex(gfn + start)} size ${sizeText(length)}`;
}

function filePage(draw: Draw, { name, pages }: FileShape, size: number): string {
  const page = draw.from % pages;
  return `${name} offset ${sizeText(isTroubled(draw) ? page : page - (page % size))}`;
}

function current({ vms, current: at }: Shapes): VmShape {
  return vms[at]!;
}

function vcpuOf(draw: Draw, shapes: Shapes): string {
  return `vcpu ${draw.which % current(shapes).vcpus}`;
}

function newFile(draw: Draw, shapes: Shapes): string | null {
  const vm = current(shapes);
  const names = FILES_OF_VM.map((letter) => `${letter}${shapes.current}`);
  const name = names.find((candidate) => !vm.files.has(candidate));
  if (name === undefined) return null;
  const pages = pick(FILE_PAGES, draw.from);
  vm.files.set(name, { name, pages });
  return `gmem ${name} size ${sizeText(pages)}${draw.coin || draw.trouble < 8 ? ' huge' : ''}`;
}

/** A file of the VM, of any VM where there is to be trouble. */
function anyFile(draw: Draw, shapes: Shapes): FileShape | undefined {
  const vms = isTroubled(draw) ? shapes.vms : [current(shapes)];
  const files = vms.flatMap((vm) => [...vm.files.values()]);
  return files.at(draw.which % Math.max(1, files.length));
}

/** Pages of a file that a slot may be bound to: what another leaves, or from some page on, or a part that ends mid-folio. */
function freePart(draw: Draw, vm: VmShape, file: FileShape): { start: number; pages: number } {
  const other = [...vm.slots.values()].find((slot) => slot.file === file);
  if (other !== undefined && !isTroubled(draw)) {
    const behind = other.offset + other.pages;
    if (behind < file.pages) return { start: behind, pages: file.pages - behind };
    if (other.offset > 0) return { start: 0, pages: other.offset };
  }
  const start = pick([0, 0, HUGE, draw.from], draw.length) % file.pages;
  const pages = file.pages - start;
  return { start, pages: draw.trouble === 12 && pages > 1 ? Math.ceil(pages / 2) : pages };
}

/** Binds a file whole, or a part of it; gfns and pages are alike modulo 2 MiB as often as not. */
function newSlot(draw: Draw, shapes: Shapes, file: FileShape): string {
  const vm = current(shapes);
  const id = Array.from({ length: MOST_SLOTS }, (_, at) => at).find((at) => !vm.slots.has(at));
  if (id === undefined) return `rmpread ${file.name} offset 0`;
  const gfn = pick(GFNS, draw.from) + id * 0x1000;
  const { start: offset, pages } = freePart(draw, vm, file);
  vm.slots.set(id, { id, gfn, pages, file, offset });
  const slot = `slot ${id} gpa ${hex(gfn)} size ${sizeText(pages)} gmem ${file.name} offset ${sizeText(offset)}`;
  return draw.trouble < 12 ? `${slot}\nconvert gpa ${hex(gfn)} size ${sizeText(pages)} private` : slot;
}

/** A VM with memory, launched where its type has a launch. */
function newVm(draw: Draw, shapes: Shapes, type: string): string {
  const vcpus = 1 + (draw.which % 2);
  shapes.vms.push({ type, vcpus, files: new Map(), slots: new Map() });
  shapes.current = shapes.vms.length - 1;
  const gmem = newFile(draw, shapes)!;
  const slot = newSlot(draw, shapes, anyFile({ ...draw, trouble: 0 }, shapes)!);
  const lines = [`vm ${type} vcpus ${vcpus}`, gmem, slot];
  if (type === 'sw-protected') return lines.join('\n');
  const made = [...current(shapes).slots.values()][0]!;
  lines.push(`convert gpa ${hex(made.gfn)} size ${sizeText(made.pages)} private`);
  if (type === 'tdx') return lines.join('\n');
  lines.push(launchUpdate(draw, made), 'launch-finish');
  return lines.join('\n');
}

function launchUpdate(draw: Draw, slot: SlotShape): string {
  const source = pick(
    ['', '', '', ' source 0x7f0000000000', ' source 0x7f0000000800', ' source 0'],
    draw.trouble,
  );
  return `launch-update ${guestRange(draw, slot)}${pick(CONTENTS, draw.length)}${source}`;
}

type Make = (draw: Draw, shapes: Shapes, slot: SlotShape) => string;

const fault: Make = (draw, shapes, { gfn, pages }) => {
  const page = gfn + (draw.from % pages) + (isTroubled(draw) ? pages : 0);
  const access = pick(['read', 'write', 'exec'], draw.length);
  const { type } = current(shapes);
  const words = access === 'exec' ? [' private', ''] : [' private', ' private', ' shared', ''];
  const as = type === 'sw-protected' ? '' : pick(words, draw.trouble);
  const fault = `fault ${vcpuOf(draw, shapes)} ${access} gpa ${hex(page)}${as}${atVmpl(draw, shapes)}`;
  if (as === ' shared' || isTroubled(draw)) return fault;
  // A TDX guest that does not accept its pages first does not live long.
  if (type === 'tdx') return `accept ${vcpuOf(draw, shapes)} gpa ${hex(page)} size 4K\n${fault}`;
  if (type !== 'sev-snp' || draw.trouble >= 10) return fault;
  const first = validated(draw, shapes, page);
  // Beside a page that is shared, what the RMP has as 2M comes back as 4K.
  const beside = page - (page % HUGE) + ((page + 1) % HUGE);
  return draw.trouble % 4 === 0
    ? `${first}\nconvert gpa ${hex(beside)} size 4K shared\n${fault}`
    : `${first}\n${fault}`;
};

/** What a guest does before it uses a page: it has it converted, unless it thinks that it is, and validates it. */
function validated(draw: Draw, shapes: Shapes, page: number): string {
  const vcpu = vcpuOf(draw, shapes);
  const whole = page - (page % HUGE);
  const range = draw.coin ? `gpa ${hex(whole)} size 2M` : `gpa ${hex(page)} size 4K`;
  const validate = `pvalidate ${vcpu} ${range} validate`;
  return draw.trouble % 2 === 0 ? `convert gpa ${hex(whole)} size 2M private\n${validate}` : validate;
}

/** Mostly at VMPL 0, which is the default. */
function atVmpl(draw: Draw, shapes: Shapes): string {
  const { type } = current(shapes);
  return type === 'sev-snp' && draw.trouble >= 13 ? ` at-vmpl ${draw.which % 4}` : '';
}

const convert: Make = (draw, _shapes, slot) =>
  `convert ${guestRange(draw, slot)} ${draw.trouble % 4 === 0 ? 'shared' : 'private'}`;

/** How the VMM answers now and then. */
const ANSWERS: Readonly<Record<number, string>> = {
  0: ' refused',
  1: ' later',
  2: ' converts 8K',
  3: ' later converts 4K',
};

const psc: Make = (draw, shapes, slot) =>
  `psc ${vcpuOf(draw, shapes)} ${guestRange(draw, slot)} ${draw.trouble % 3 === 0 ? 'shared' : 'private'}${ANSWERS[draw.trouble % 16] ?? ''}`;

/** An instruction of one type of guest; what others would get #UD for is mostly something else. */
function ofType(type: string, make: Make, otherwise: Make): Make {
  return (draw, shapes, slot) => {
    const has = current(shapes).type === type || (isTroubled(draw) && draw.coin);
    return (has ? make : otherwise)(draw, shapes, slot);
  };
}

const pvalidateAny: Make = (draw, shapes, slot) =>
  `pvalidate ${vcpuOf(draw, shapes)} ${guestPage(draw, slot)} ` +
  `${draw.trouble % 4 === 0 ? 'rescind' : 'validate'}${atVmpl(draw, shapes)}`;

const acceptAny: Make = (draw, shapes, slot) => `accept ${vcpuOf(draw, shapes)} ${guestPage(draw, slot)}`;
const accept = ofType('tdx', acceptAny, fault);
const pvalidate = ofType('sev-snp', pvalidateAny, accept);

const rmpadjustAny: Make = (draw, shapes, slot) => {
  const vmpl = isTroubled(draw) ? 4 : draw.trouble % 4;
  const vmsa = draw.trouble === 14 ? ' vmsa' : '';
  const permissions = pick(PERMISSIONS, draw.length);
  const page = guestPage(draw, slot);
  const at = atVmpl(draw, shapes);
  const vcpu = vcpuOf(draw, shapes);
  const adjust = `rmpadjust ${vcpu} ${page} vmpl ${vmpl} permissions ${permissions}${vmsa}${at}`;
  // It is about pages that are validated.
  return draw.trouble % 4 === 0 ? adjust : `pvalidate ${vcpu} ${page} validate\n${adjust}`;
};
const rmpadjust = ofType('sev-snp', rmpadjustAny, accept);

const rmpqueryAny: Make = (draw, shapes, { gfn, pages }) =>
  `rmpquery ${vcpuOf(draw, shapes)} gpa ${hex(gfn + (draw.from % pages))} vmpl ${draw.trouble % 5}${atVmpl(draw, shapes)}`;

const rmpquery = ofType('sev-snp', rmpqueryAny, fault);

const prefault: Make = (draw, shapes, slot) => `prefault ${vcpuOf(draw, shapes)} ${guestRange(draw, slot)}`;

function fileRange(keyword: 'punch' | 'allocate'): Make {
  return (draw, shapes, slot) => {
    const { name, pages } = anyFile(draw, shapes) ?? slot.file;
    const { start, length } = rangeIn(draw, pages);
    return `${keyword} ${name} offset ${sizeText(start)} size ${sizeText(length)}`;
  };
}

const punch = fileRange('punch');
const allocate = fileRange('allocate');

/** KVM's own changes undone: the page that backs a gfn goes to the host, or to the guest that has it there. */
const rmpupdate: Make = (draw, shapes, { file, gfn, offset }) => {
  const size = draw.coin ? HUGE : 1;
  const page = (draw.from % file.pages) - ((draw.from % file.pages) % size);
  const head = `rmpupdate ${file.name} offset ${sizeText(page)} size ${sizeText(size)}`;
  if (draw.trouble % 2 === 0) return `${head} shared`;
  // Its own guest, another, or none.
  const asid = pick([1, 1, 2, 1 + (draw.length % 1010)], draw.length) + shapes.current;
  const immutable = draw.trouble === 13 ? ' immutable' : '';
  const at = Math.max(0, gfn + page - offset);
  const update = `${head} private gpa ${hex(at)} asid ${asid}${immutable}`;
  if (current(shapes).type !== 'sev-snp' || draw.trouble < 8) return update;
  return `${update}\nfault ${vcpuOf(draw, shapes)} read gpa ${hex(at)} private`;
};

const poison: Make = (draw, _shapes, { file }) => `poison ${filePage(draw, file, 1)}`;
const psmash: Make = (draw, _shapes, { file }) => `psmash ${filePage(draw, file, HUGE)}`;
const rmpread: Make = (draw, _shapes, { file }) => `rmpread ${filePage(draw, file, 1)}`;

const host: Make = (draw, _shapes, { id, pages, file }) =>
  draw.coin
    ? `host write ${filePage(draw, file, 1)}`
    : `host ${draw.trouble % 2 === 0 ? 'read' : 'write'} slot ${id} offset ${hex(draw.from % pages)}`;

const discard: Make = (draw, _shapes, { id, pages }) => {
  const { start, length } = rangeIn(draw, pages);
  return `discard slot ${id} offset ${sizeText(start)} size ${sizeText(length)}`;
};

const remove: Make = (_draw, shapes, { id }) => {
  current(shapes).slots.delete(id);
  return `delete slot ${id}`;
};

const close: Make = (_draw, shapes, { file }) => {
  const owner = shapes.vms.find(({ files }) => files.get(file.name) === file);
  if (owner === undefined) return `rmpread ${file.name} offset 0`;
  owner.files.delete(file.name);
  return `close ${file.name}`;
};

const launch: Make = (draw, _shapes, slot) => (draw.coin ? 'launch-finish' : launchUpdate(draw, slot));

const otherVm: Make = (draw, shapes) => {
  const { length } = shapes.vms;
  if (length === 1 || (length < MOST_VMS && draw.trouble % 4 === 0)) {
    return newVm(draw, shapes, pick(FURTHER_VMS, draw.length));
  }
  shapes.current = (shapes.current + 1 + (draw.which % (length - 1))) % length;
  return `switch vm ${shapes.current}`;
};

/** Mostly of a file that no slot is bound to: a binding that overlaps another is refused. */
const slot: Make = (draw, shapes, at) => {
  const { files, slots } = current(shapes);
  if (slots.size === MOST_SLOTS) return remove(draw, shapes, at);
  const boundPages = (file: FileShape) =>
    [...slots.values()].reduce((sum, bound) => sum + (bound.file === file ? bound.pages : 0), 0);
  const free = [...files.values()].find((file) => boundPages(file) < file.pages);
  if (isTroubled(draw)) return newSlot(draw, shapes, anyFile(draw, shapes) ?? at.file);
  return free === undefined
    ? (newFile(draw, shapes) ?? remove(draw, shapes, at))
    : newSlot(draw, shapes, free);
};
const gmem: Make = (draw, shapes, at) => newFile(draw, shapes) ?? punch(draw, shapes, at);

/** How often each comes: as often as it stands here. The host meddles with the RMP only where it may. */
const MAKES: readonly Make[] = [
  ...[fault, fault, fault, fault, fault, fault, prefault, prefault, allocate],
  ...[convert, convert, psc, psc, psc, pvalidate, pvalidate, pvalidate, pvalidate],
  ...[punch, punch, punch, poison, rmpadjust, rmpquery, rmpread, host, host, discard, accept],
  ...[slot, slot, gmem, remove, close, launch, otherVm, otherVm, otherVm],
];
const MEDDLING: readonly Make[] = [...MAKES, psmash, rmpupdate, rmpupdate];

function statement(draw: Draw, shapes: Shapes, makes: readonly Make[]): string {
  const slots = [...current(shapes).slots.values()];
  const at = slots.at(draw.which % Math.max(1, slots.length));
  if (at !== undefined) return pick(makes, draw.kind)(draw, shapes, at);
  const file = anyFile(draw, shapes);
  return file === undefined ? newFile(draw, shapes)! : newSlot(draw, shapes, file);
}

const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.nat(MEDDLING.length * MAKES.length - 1),
  which: fc.nat(15),
  from: fc.nat(2047),
  length: fc.nat(2047),
  coin: fc.boolean(),
  trouble: fc.nat(15),
});

export interface SnpOptions {
  readonly kernels?: readonly string[];
  readonly minStatements?: number;
  readonly maxStatements?: number;
  /**
   * Whether the host uses RMPUPDATE and PSMASH by itself, behind KVM's back: no invariant holds then, and nothing may
   * crash all the same.
   */
  readonly meddling?: boolean;
}

/** Texts of scenarios; each analyses without an error. */
export function snpScenarios(options: SnpOptions = {}): fc.Arbitrary<string> {
  const { kernels = RELEASED_KERNELS, minStatements = 1, maxStatements = 30 } = options;
  const makes = options.meddling === true ? MEDDLING : MAKES;
  return fc
    .record({
      kernel: fc.constantFrom(...kernels),
      first: draw,
      draws: fc.array(draw, { minLength: minStatements, maxLength: maxStatements, size: 'max' }),
    })
    .map(({ kernel, first, draws }) => {
      const shapes: Shapes = { vms: [], current: 0 };
      const head = [`kernel ${kernel}`, newVm(first, shapes, 'sev-snp')];
      return `${[...head, ...draws.map((one) => statement(one, shapes, makes))].join('\n')}\n`;
    });
}
