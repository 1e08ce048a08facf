import fc from 'fast-check';
import { RELEASED_KERNELS } from '../../src/simulator';

/**
 * Scenarios that mostly mean something: files, slots bound to them at offsets other than zero, and then
 * calls that hit what is there. Now and then a number is off, so that calls are refused as well.
 *
 * A scenario is a list of draws, each interpreted against what the draws before it have made. So a
 * failing scenario shrinks by leaving out statements, and every text is a scenario without errors.
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

interface SlotShape {
  readonly id: number;
  readonly gfn: number;
  readonly pages: number;
}

interface Shapes {
  readonly vcpus: number;
  /** File name to pages. */
  readonly files: Map<string, number>;
  readonly slots: Map<number, SlotShape>;
  /** First page of the last allocation in each file: a page that is likely to be there. */
  readonly allocated: Map<string, number>;
}

const FILE_PAGES = [1, 16, 512, 513, 1024, 2048];
const GFNS = [0x40000, 0x80000, 0x80200, 0x80001, 0x90000, 0x901ff, 0xa0000, 0x100000];
const NAMES = ['A', 'B', 'C'];
const SLOT_IDS = 5;

function hex(page: number, byte = 0): string {
  return `0x${(BigInt(page) * 4096n + BigInt(byte)).toString(16)}`;
}

/** A size as one would write it. */
function sizeText(pages: number): string {
  return pages > 0 && pages % 256 === 0 ? `${pages / 256}M` : `${pages * 4}K`;
}

function pick<T>(values: readonly T[], draw: number): T {
  return values[draw % values.length]!;
}

function isTroubled(draw: Draw): boolean {
  return draw.trouble === 15;
}

/** A range in `pages` pages, cut to them unless there is to be trouble. */
function rangeIn(draw: Draw, pages: number): { start: number; length: number } {
  const start = draw.from % pages;
  const length = 1 + (draw.length % pages);
  return { start, length: isTroubled(draw) ? length + pages : Math.min(length, pages - start) };
}

function gmem(draw: Draw, shapes: Shapes): string {
  const name = NAMES.find((candidate) => !shapes.files.has(candidate)) ?? 'A';
  if (shapes.files.has(name)) return fallocate('punch', draw, shapes);
  const pages = pick(FILE_PAGES, draw.from);
  shapes.files.set(name, pages);
  const size = isTroubled(draw) ? `${pages * 4096 + 1}` : sizeText(pages);
  return `gmem ${name} size ${size}${draw.trouble === 14 ? ' mmap' : ''}`;
}

function slot(draw: Draw, shapes: Shapes): string {
  // Ids above are slots of the second address space, which a default VM has.
  const id = (draw.which % SLOT_IDS) + (draw.trouble === 12 ? 65536 : 0);
  const gfn = pick(GFNS, draw.from);
  const flags = draw.coin ? ' thp' : '';
  const file = [...shapes.files].at(draw.which % Math.max(1, shapes.files.size));
  if (file === undefined || draw.trouble === 13) {
    const pages = 1 + (draw.length % 1024);
    shapes.slots.set(id, { id, gfn, pages });
    return `slot ${id} gpa ${hex(gfn)} size ${sizeText(pages)}${flags}`;
  }
  const [name, filePages] = file;
  const { start, length } = rangeIn(draw, filePages);
  shapes.slots.set(id, { id, gfn, pages: length });
  return `slot ${id} gpa ${hex(gfn)} size ${sizeText(length)} gmem ${name} offset ${sizeText(start)}${flags}`;
}

function anySlot(draw: Draw, shapes: Shapes): SlotShape | undefined {
  return [...shapes.slots.values()].at(draw.which % Math.max(1, shapes.slots.size));
}

function fallocate(keyword: 'punch' | 'allocate', draw: Draw, shapes: Shapes): string {
  const file = [...shapes.files].at(draw.which % Math.max(1, shapes.files.size));
  if (file === undefined) return gmem(draw, shapes);
  const { start, length } = rangeIn(draw, file[1]);
  if (keyword === 'allocate') shapes.allocated.set(file[0], start);
  return `${keyword} ${file[0]} offset ${sizeText(start)} size ${sizeText(length)}`;
}

const ACCESSES = ['read', 'write', 'read', 'write', 'exec'];

type Make = (draw: Draw, shapes: Shapes, slot: SlotShape) => string;

const punch: Make = (draw, shapes) => fallocate('punch', draw, shapes);
const allocate: Make = (draw, shapes) => fallocate('allocate', draw, shapes);

const convert: Make = (draw, _shapes, at) => {
  const { start, length } = rangeIn(draw, at.pages);
  const to = draw.coin || draw.length % 3 === 0 ? 'private' : 'shared';
  return `convert gpa ${hex(at.gfn + start)} size ${sizeText(length)} ${to}`;
};

const ANSWERS = ['', '', '', ' refused', ' later', ' converts 4K'];

const psc: Make = (draw, shapes, at) => {
  const range = convert(draw, shapes, at).slice('convert '.length);
  return `psc vcpu ${draw.which % shapes.vcpus} ${range}${pick(ANSWERS, draw.from)}`;
};

const fault: Make = (draw, { vcpus }, at) => {
  const gfn = at.gfn + (draw.from % at.pages) + (isTroubled(draw) ? at.pages : 0);
  const access = pick(ACCESSES, draw.length);
  return `fault vcpu ${draw.which % vcpus} ${access} gpa ${hex(gfn, (draw.length % 1024) * 4)}`;
};

const prefault: Make = (draw, { vcpus }, at) => {
  const { start, length } = rangeIn(draw, at.pages);
  return `prefault vcpu ${draw.which % vcpus} gpa ${hex(at.gfn + start)} size ${sizeText(length)}`;
};

const discard: Make = (draw, _shapes, at) => {
  const { start, length } = rangeIn(draw, at.pages);
  return `discard slot ${at.id} offset ${sizeText(start)} size ${sizeText(length)}`;
};

const host: Make = (draw, _shapes, at) =>
  `host ${draw.coin ? 'write' : 'read'} slot ${at.id} offset ${hex(draw.from % at.pages)}`;

const move: Make = (draw, shapes, at) => {
  const gfn = pick(GFNS, draw.from);
  shapes.slots.set(at.id, { ...at, gfn });
  return `move slot ${at.id} gpa ${hex(gfn)}`;
};

const remove: Make = (_draw, shapes, at) => {
  shapes.slots.delete(at.id);
  return `delete slot ${at.id}`;
};

const close: Make = (draw, shapes, at) => {
  const name = [...shapes.files.keys()].at(-1);
  if (name === undefined) return convert(draw, shapes, at);
  shapes.files.delete(name);
  shapes.allocated.delete(name);
  return `close ${name}`;
};

/** Of a page that is there, or of the one that allocating puts there. */
const poison: Make = (draw, shapes) => {
  const [name, page] = [...shapes.allocated].at(draw.which % Math.max(1, shapes.allocated.size)) ?? [];
  if (name === undefined || page === undefined) return allocate(draw, shapes, { id: 0, gfn: 0, pages: 1 });
  return `poison ${name} offset ${sizeText(page)}`;
};

const truncate: Make = (draw, shapes) => {
  const name = [...shapes.files.keys()].at(0);
  return name === undefined ? gmem(draw, shapes) : `truncate ${name} size ${sizeText(draw.length)}`;
};

/** How often each comes: as often as it stands here. */
const MAKES: readonly Make[] = [
  ...[slot, slot, punch, punch, gmem],
  ...[convert, convert, convert, fault, fault, fault, fault, prefault, prefault],
  ...[discard, host, host, move, remove, close, truncate, allocate, poison, psc],
];

function statement(draw: Draw, shapes: Shapes): string {
  const at = anySlot(draw, shapes);
  if (at === undefined) return shapes.files.size === 0 ? gmem(draw, shapes) : slot(draw, shapes);
  return pick(MAKES, draw.kind)(draw, shapes, at);
}

const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.nat(MAKES.length - 1),
  which: fc.nat(15),
  from: fc.nat(2047),
  length: fc.nat(2047),
  coin: fc.boolean(),
  trouble: fc.nat(15),
});

export interface ScenarioOptions {
  readonly kernels?: readonly string[];
  readonly minStatements?: number;
  readonly maxStatements?: number;
}

/** Texts of scenarios; each analyses without an error. */
export function scenarios(options: ScenarioOptions = {}): fc.Arbitrary<string> {
  const { kernels = RELEASED_KERNELS, minStatements = 1, maxStatements = 30 } = options;
  return fc
    .record({
      kernel: fc.constantFrom(...kernels),
      vm: fc.constantFrom('sw-protected', 'sw-protected', 'sw-protected', 'default'),
      vcpus: fc.integer({ min: 1, max: 2 }),
      draws: fc.array(draw, { minLength: minStatements, maxLength: maxStatements, size: 'max' }),
    })
    .map(({ kernel, vm, vcpus, draws }) => {
      const shapes: Shapes = { vcpus, files: new Map(), slots: new Map(), allocated: new Map() };
      const head = [`kernel ${kernel}`, `vm ${vm}${vcpus === 1 ? '' : ` vcpus ${vcpus}`}`];
      return `${[...head, ...draws.map((one) => statement(one, shapes))].join('\n')}\n`;
    });
}
