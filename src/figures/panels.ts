/** The panels of a figure: each file with its slots, the gfns of no file, and host pages that no file has. */
import { filePagesText, vmAtEnd, vmBefore } from '../outcome';
import { asidOf, type GmemFile, gaps, hasPrivateMemory, type Range } from '../simulator';
import type { Asked, Link, Panel } from './figure';
import { fileSegments } from './lanes/file-pages';
import { fileRmpSegments, frameRmpSegments } from './lanes/rmp';
import {
  gfnSegments,
  labelsOf,
  lanesOf,
  memorySegments,
  type Scene,
  type Segments,
  slotSegments,
} from './links';
import type { Moment } from './moment';
import { union } from './overlay';
import { gfnsOf, type Place, without } from './places';
import { sizeText } from './text';

function isSnp(moment: Moment): boolean {
  return vmAtEnd(moment).type === 'sev-snp';
}

/** What the lanes by file page say of `pages`. */
function fileLanes({ moment }: Scene, file: GmemFile, pages: Range, gfns: Range | null): Segments {
  const before = moment.before.files[file.id];
  const segments: Segments = { file: fileSegments(pages, before, file) };
  if (isSnp(moment)) segments.rmp = fileRmpSegments(moment, pages, gfns, before, file);
  return segments;
}

function bound(scene: Scene, file: GmemFile, place: Place, pages: Range): Link {
  const { slot } = place;
  const delta = slot.baseGfn - (slot.gmem?.pgoff ?? 0);
  const gfns = { start: pages.start + delta, end: pages.end + delta };
  const memory = memorySegments(scene, slot);
  const userspace = memory.map((segment) => ({
    ...segment,
    start: segment.start + slot.baseGfn,
    end: segment.end + slot.baseGfn,
  }));
  return {
    labels: labelsOf(place),
    slot: slot.id,
    base: pages,
    gfns,
    segments: { ...slotSegments(scene, place), ...fileLanes(scene, file, pages, gfns), userspace },
  };
}

function unbound(scene: Scene, file: GmemFile, pages: Range): Link {
  const beyond = pages.start >= file.pages;
  return {
    labels: beyond ? ['beyond the end', 'beyond'] : ['no slot'],
    slot: null,
    base: pages,
    gfns: null,
    segments: fileLanes(scene, file, pages, null),
  };
}

/** The slots bound to the file, by file page; what no slot is bound to in between. */
function fileLinks(scene: Scene, file: GmemFile, places: readonly Place[], end: number): readonly Link[] {
  const links: Link[] = [];
  let at = 0;
  const fillTo = (page: number) => {
    for (const edge of [Math.min(page, file.pages), page]) {
      if (edge > at) links.push(unbound(scene, file, { start: at, end: edge }));
      at = Math.max(at, edge);
    }
  };
  const pgoff = ({ slot }: Place) => slot.gmem?.pgoff ?? 0;
  for (const place of [...places].sort((a, b) => pgoff(a) - pgoff(b))) {
    const pages = { start: pgoff(place), end: pgoff(place) + place.slot.pages };
    fillTo(pages.start);
    links.push(bound(scene, file, place, pages));
    at = pages.end;
  }
  fillTo(Math.max(end, file.pages));
  return links;
}

function fileTitle({ name, pages, huge, mmap, initShared, open }: GmemFile): string {
  const flags = [huge ? 'huge' : null, mmap ? 'mmap' : null, initShared ? 'init-shared' : null];
  const words = [...flags, open ? null : 'closed by this step'].filter((word) => word !== null);
  const size = `${sizeText(pages)}, ${filePagesText([{ start: 0, end: pages }])}`;
  return [`guest_memfd ${name}: ${size}`, ...words].join(', ');
}

export function filePanel(
  scene: Scene,
  file: GmemFile,
  places: readonly Place[],
  asked: Asked | null,
): Panel {
  const links = fileLinks(scene, file, places, asked?.axis === 'base' ? asked.end : 0);
  const elsewhere =
    asked?.axis === 'gfn' && links.every(({ gfns }) => gfns === null || !overlaps(gfns, asked));
  const always = isSnp(scene.moment) ? (['file', 'rmp'] as const) : (['file'] as const);
  return {
    kind: 'file',
    file: file.id,
    title: fileTitle(file),
    unit: 'page',
    lanes: lanesOf(links, scene, always),
    links,
    asked: elsewhere ? null : asked,
  };
}

function overlaps(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

function slotLink(scene: Scene, place: Place): Link {
  const { slot } = place;
  return {
    labels: labelsOf(place),
    slot: slot.id,
    base: { start: 0, end: slot.pages },
    gfns: gfnsOf(slot),
    segments: { ...slotSegments(scene, place), memory: memorySegments(scene, slot) },
  };
}

/** gfns that no slot has or had, where there is something to tell all the same. */
function strayRanges({ moment, tables, taken }: Scene, asked: Asked | null): readonly Range[] {
  const told = [
    ...tables.flatMap(({ zapped, mapped }) => [...zapped, ...mapped]),
    ...(hasPrivateMemory(vmAtEnd(moment).type)
      ? [...vmBefore(moment).privateGfns, ...vmAtEnd(moment).privateGfns]
      : []),
    ...(asked?.axis === 'gfn' ? [asked] : []),
  ];
  const slots = union([...taken.before, ...taken.after]);
  return union(told).flatMap((range) => without(range, slots));
}

function strayLink(scene: Scene, gfns: Range): Link {
  return {
    labels: ['no slot'],
    slot: null,
    base: null,
    gfns,
    segments: gfnSegments(scene, gfns, 'both'),
  };
}

/** The slots without a file, and gfns without a slot, by gfn. */
export function slotsPanel(scene: Scene, places: readonly Place[], asked: Asked | null): Panel | null {
  const links = [
    ...places.map((place) => slotLink(scene, place)),
    ...strayRanges(scene, asked).map((range) => strayLink(scene, range)),
  ];
  if (links.length === 0) return null;
  const order = ({ slot, gfns }: Link) => ({
    smm: slot !== null && slot >= 65536 ? 1 : 0,
    gfn: gfns?.start ?? 0,
  });
  links.sort((a, b) => order(a).smm - order(b).smm || order(a).gfn - order(b).gfn);
  const title = places.length === 0 ? 'gfns without a slot' : 'slots without a guest_memfd';
  const always = places.length === 0 ? [] : (['memory'] as const);
  return {
    kind: 'slots',
    file: null,
    title,
    unit: 'page',
    lanes: lanesOf(links, scene, always),
    links,
    asked,
  };
}

/** Pages that the RMP assigns to the guest, though no file has them: immutable ones stay when they are freed. */
export function framesPanel(scene: Scene): Panel | null {
  const { before, after, vmId } = scene.moment;
  if (!isSnp(scene.moment)) return null;
  const cached = union(
    [...before.files, ...after.files].flatMap(({ cache }) =>
      cache.map(({ start, end, value }) => ({ start: start + value.frame, end: end + value.frame })),
    ),
  );
  const asid = asidOf(vmId);
  const lost = after.rmp
    .filter(({ value }) => value.assigned && value.asid === asid)
    .flatMap(({ start, end }) => gaps(cached, start, end));
  if (lost.length === 0) return null;
  const links = lost.map(
    (pfns): Link => ({
      labels: ['in no file'],
      slot: null,
      base: pfns,
      gfns: null,
      segments: { rmp: frameRmpSegments(scene.moment, pfns) },
    }),
  );
  const lanes = [{ id: 'rmp', axis: 'base', titles: ['RMP'], spare: 1 }] as const;
  return {
    kind: 'frames',
    file: null,
    title: 'host pages in no file',
    unit: 'pfn',
    lanes,
    links,
    asked: null,
  };
}
