/** Filling a range of gfns, and what is behind it, with what the lanes say of it. */
import { vmAtEnd, vmBefore } from '../outcome';
import {
  hasPrivateMemory,
  memoryOf,
  must,
  type NonEmpty,
  type Range,
  type RangeMap,
  type Slot,
} from '../simulator';
import type { Lane, LaneId, Link, Segment } from './figure';
import { attributeSegments } from './lanes/attributes';
import { type PageTables, segmentsIn } from './lanes/page-tables';
import { userspaceSegments } from './lanes/userspace';
import { isSeen, type SlotLayout, type slotGfns, without } from './slot-layout';
import type { Transition } from './transition';

/** What is computed once for a figure. */
export interface FigureContext {
  readonly transition: Transition;
  readonly tables: readonly PageTables[];
  /** gfns that slots had before, and have after. */
  readonly taken: ReturnType<typeof slotGfns>;
}

export type Segments = Partial<Record<LaneId, readonly Segment[]>>;

function parts(segments: RangeMap<Segment>, ranges: readonly Range[]): readonly Segment[] {
  return ranges.flatMap((range) => segmentsIn(segments, range));
}

/**
 * The lanes by gfn. Zapped leaves are shown where a slot had the gfn before, mapped ones where a slot has it now. This
 * shows each once, although a slot that moves has two layouts.
 */
export function gfnSegments(
  { transition, tables, taken }: FigureContext,
  gfns: Range,
  there: SlotLayout['there'],
): Segments {
  const segments: Segments = {};
  if (hasPrivateMemory(vmAtEnd(transition).type)) segments.attributes = attributeSegments(transition, gfns);
  for (const { kind, zapped, mapped } of tables) {
    segments[`zapped-${kind}`] = parts(zapped, there === 'after' ? without(gfns, taken.before) : [gfns]);
    segments[`sptes-${kind}`] = parts(mapped, there === 'before' ? without(gfns, taken.after) : [gfns]);
  }
  return segments;
}

/** The userspace memory of a slot, by its pages. */
export function memorySegments({ transition }: FigureContext, slot: Slot): readonly Segment[] {
  const pages = { start: 0, end: slot.pages };
  return userspaceSegments(
    pages,
    memoryOf(vmBefore(transition), slot.id),
    memoryOf(vmAtEnd(transition), slot.id),
  );
}

/** A slot's lanes by gfn; those of page tables only if vCPUs see the slot. */
export function slotSegments(context: FigureContext, layout: SlotLayout): Segments {
  const { slot, there } = layout;
  const gfns = { start: slot.baseGfn, end: slot.baseGfn + slot.pages };
  return isSeen(layout) ? gfnSegments(context, gfns, there) : {};
}

/** `slot 0, deleted`, and shorter. */
export function labelsOf({ slot, fate }: SlotLayout): NonEmpty<string> {
  const closed = slot.gmem !== null && slot.gmem.file === null;
  const flags = [
    fate,
    closed ? 'file closed' : null,
    slot.readonly ? 'read-only' : null,
    slot.id < 65536 ? null : 'SMM',
  ];
  const known = flags.filter((flag) => flag !== null);
  const name = `slot ${slot.id}`;
  const all = [name, ...known].join(', ');
  return known.length === 0 ? [name] : [all, [name, known[0]].join(', '), name];
}

const TITLES: Readonly<Partial<Record<LaneId, NonEmpty<string>>>> = {
  file: ['file'],
  memory: ['userspace', 'user'],
  rmp: ['RMP'],
  attributes: ['attributes', 'attr.'],
  userspace: ['userspace', 'user'],
};

const BASE_LANES: readonly LaneId[] = ['file', 'memory', 'rmp'];

/** The lanes with content in any of the links; those of `always` are included even if empty. */
export function lanesOf(
  links: readonly Link[],
  { tables, transition }: FigureContext,
  always: readonly LaneId[],
): readonly Lane[] {
  const order: readonly LaneId[] = [
    ...BASE_LANES,
    'attributes',
    ...tables.flatMap(({ kind }) => [`zapped-${kind}`, `sptes-${kind}`] as const),
    'userspace',
  ];
  const shown = new Set<LaneId>(always);
  if (hasPrivateMemory(vmAtEnd(transition).type)) shown.add('attributes');
  for (const { kind } of tables) shown.add(`sptes-${kind}`);
  for (const { segments } of links) {
    for (const [id, list] of Object.entries(segments)) if (list.length > 0) shown.add(id as LaneId);
  }
  const hasGfns = links.some(({ gfns }) => gfns !== null);
  return order
    .filter((id) => shown.has(id) && (hasGfns || BASE_LANES.includes(id)))
    .map((id) => ({
      id,
      axis: BASE_LANES.includes(id) ? 'base' : 'gfn',
      titles: TITLES[id] ?? tableTitles(id, tables),
      spare: id === 'rmp' || id.startsWith('sptes') ? 1 : 0,
    }));
}

function tableTitles(id: LaneId, tables: readonly PageTables[]): NonEmpty<string> {
  const { kind, titles } = must(
    tables.find((table) => id.endsWith(table.kind)),
    `page tables for the lane ${id}`,
  );
  if (id !== `zapped-${kind}`) return titles;
  return tables.length === 1 ? ['zapped'] : [`zapped ${kind === 'mirror' ? 'private' : 'shared'}`, 'zapped'];
}
