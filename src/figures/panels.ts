/** The panels of a figure: each file with its slots, the gfns of no file, and host pages that no file has. */
import { filePagesText, vmAtEnd, vmBefore } from '../outcome';
import { asidOf, type GmemFile, gaps, gfnsOf, hasPrivateMemory, type Range, union } from '../simulator';
import type { Asked, Link, Panel } from './figure';
import { fileSegments } from './lanes/file-pages';
import { fileRmpSegments, frameRmpSegments } from './lanes/rmp';
import {
  type FigureContext,
  gfnSegments,
  labelsOf,
  lanesOf,
  memorySegments,
  type Segments,
  slotSegments,
} from './links';
import { type SlotLayout, without } from './slot-layout';
import { sizeText } from './text';
import type { Transition } from './transition';

function isSnp(transition: Transition): boolean {
  return vmAtEnd(transition).type === 'sev-snp';
}

/** What the lanes by file page say of `pages`. */
function fileLanes(
  { transition }: FigureContext,
  file: GmemFile,
  pages: Range,
  gfns: Range | null,
): Segments {
  const before = transition.before.files[file.id];
  const segments: Segments = { file: fileSegments(pages, before, file) };
  if (isSnp(transition)) segments.rmp = fileRmpSegments(transition, pages, gfns, before, file);
  return segments;
}

function bound(context: FigureContext, file: GmemFile, layout: SlotLayout, pages: Range): Link {
  const { slot } = layout;
  const delta = slot.baseGfn - (slot.gmem?.pgoff ?? 0);
  const gfns = { start: pages.start + delta, end: pages.end + delta };
  const memory = memorySegments(context, slot);
  const userspace = memory.map((segment) => ({
    ...segment,
    start: segment.start + slot.baseGfn,
    end: segment.end + slot.baseGfn,
  }));
  return {
    labels: labelsOf(layout),
    slot: slot.id,
    base: pages,
    gfns,
    segments: { ...slotSegments(context, layout), ...fileLanes(context, file, pages, gfns), userspace },
  };
}

function unbound(context: FigureContext, file: GmemFile, pages: Range): Link {
  const beyond = pages.start >= file.pages;
  return {
    labels: beyond ? ['beyond the end', 'beyond'] : ['no slot'],
    slot: null,
    base: pages,
    gfns: null,
    segments: fileLanes(context, file, pages, null),
  };
}

/** The slots bound to the file, by file page; what no slot is bound to in between. */
function fileLinks(
  context: FigureContext,
  file: GmemFile,
  layouts: readonly SlotLayout[],
  end: number,
): readonly Link[] {
  const links: Link[] = [];
  let at = 0;
  const fillTo = (page: number) => {
    for (const edge of [Math.min(page, file.pages), page]) {
      if (edge > at) links.push(unbound(context, file, { start: at, end: edge }));
      at = Math.max(at, edge);
    }
  };
  const pgoff = ({ slot }: SlotLayout) => slot.gmem?.pgoff ?? 0;
  for (const layout of [...layouts].sort((a, b) => pgoff(a) - pgoff(b))) {
    const pages = { start: pgoff(layout), end: pgoff(layout) + layout.slot.pages };
    fillTo(pages.start);
    links.push(bound(context, file, layout, pages));
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
  context: FigureContext,
  file: GmemFile,
  layouts: readonly SlotLayout[],
  asked: Asked | null,
): Panel {
  const links = fileLinks(context, file, layouts, asked?.axis === 'base' ? asked.end : 0);
  const elsewhere =
    asked?.axis === 'gfn' && links.every(({ gfns }) => gfns === null || !overlaps(gfns, asked));
  const always = isSnp(context.transition) ? (['file', 'rmp'] as const) : (['file'] as const);
  return {
    kind: 'file',
    file: file.id,
    title: fileTitle(file),
    unit: 'page',
    lanes: lanesOf(links, context, always),
    links,
    asked: elsewhere ? null : asked,
  };
}

function overlaps(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

function slotLink(context: FigureContext, layout: SlotLayout): Link {
  const { slot } = layout;
  return {
    labels: labelsOf(layout),
    slot: slot.id,
    base: { start: 0, end: slot.pages },
    gfns: gfnsOf(slot),
    segments: { ...slotSegments(context, layout), memory: memorySegments(context, slot) },
  };
}

/** Gfns without a slot, before and after, that still have something to show. */
function strayRanges({ transition, tables, taken }: FigureContext, asked: Asked | null): readonly Range[] {
  const told = [
    ...tables.flatMap(({ zapped, mapped }) => [...zapped, ...mapped]),
    ...(hasPrivateMemory(vmAtEnd(transition).type)
      ? [...vmBefore(transition).privateGfns, ...vmAtEnd(transition).privateGfns]
      : []),
    ...(asked?.axis === 'gfn' ? [asked] : []),
  ];
  const slots = union([...taken.before, ...taken.after]);
  return union(told).flatMap((range) => without(range, slots));
}

function strayLink(context: FigureContext, gfns: Range): Link {
  return {
    labels: ['no slot'],
    slot: null,
    base: null,
    gfns,
    segments: gfnSegments(context, gfns, 'both'),
  };
}

/** The slots without a file, and gfns without a slot, by gfn. */
export function slotsPanel(
  context: FigureContext,
  layouts: readonly SlotLayout[],
  asked: Asked | null,
): Panel | null {
  const links = [
    ...layouts.map((layout) => slotLink(context, layout)),
    ...strayRanges(context, asked).map((range) => strayLink(context, range)),
  ];
  if (links.length === 0) return null;
  const order = ({ slot, gfns }: Link) => ({
    smm: slot !== null && slot >= 65536 ? 1 : 0,
    gfn: gfns?.start ?? 0,
  });
  links.sort((a, b) => order(a).smm - order(b).smm || order(a).gfn - order(b).gfn);
  const title = layouts.length === 0 ? 'gfns without a slot' : 'slots without a guest_memfd';
  const always = layouts.length === 0 ? [] : (['memory'] as const);
  return {
    kind: 'slots',
    file: null,
    title,
    unit: 'page',
    lanes: lanesOf(links, context, always),
    links,
    asked,
  };
}

/**
 * Pages that the RMP assigns to the guest although no file has them: immutable ones stay assigned when they are freed.
 */
export function framesPanel(context: FigureContext): Panel | null {
  const { before, after, vmId } = context.transition;
  if (!isSnp(context.transition)) return null;
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
      segments: { rmp: frameRmpSegments(context.transition, pfns) },
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
