/** Filling a range of gfns, and what is behind it, with what the lanes say of it. */
import { vmAtEnd, vmBefore } from '../outcome';
import { hasPrivateMemory, memoryOf, type Range, type RangeMap, type Slot } from '../simulator';
import type { Lane, LaneId, Link, Segment } from './figure';
import { attributeSegments } from './lanes/attributes';
import { type PageTables, segmentsIn } from './lanes/page-tables';
import { userspaceSegments } from './lanes/userspace';
import type { Moment } from './moment';
import { isSeen, type Place, type slotGfns, without } from './places';

/** What is worked out once for a figure. */
export interface Scene {
  readonly moment: Moment;
  readonly tables: readonly PageTables[];
  /** gfns that slots had before, and have after. */
  readonly taken: ReturnType<typeof slotGfns>;
}

export type Segments = Partial<Record<LaneId, readonly Segment[]>>;

function parts(segments: RangeMap<Segment>, ranges: readonly Range[]): readonly Segment[] {
  return ranges.flatMap((range) => segmentsIn(segments, range));
}

/**
 * The lanes by gfn. What was zapped is told where a slot had the gfn before, what is mapped where one has it now;
 * so each is told once, though a slot that moves may have two places at a time.
 */
export function gfnSegments({ moment, tables, taken }: Scene, gfns: Range, there: Place['there']): Segments {
  const segments: Segments = {};
  if (hasPrivateMemory(vmAtEnd(moment).type)) segments.attributes = attributeSegments(moment, gfns);
  for (const { kind, zapped, mapped } of tables) {
    segments[`zapped-${kind}`] = parts(zapped, there === 'after' ? without(gfns, taken.before) : [gfns]);
    segments[`sptes-${kind}`] = parts(mapped, there === 'before' ? without(gfns, taken.after) : [gfns]);
  }
  return segments;
}

/** The userspace memory of a slot, by its pages. */
export function memorySegments({ moment }: Scene, slot: Slot): readonly Segment[] {
  const pages = { start: 0, end: slot.pages };
  return userspaceSegments(pages, memoryOf(vmBefore(moment), slot.id), memoryOf(vmAtEnd(moment), slot.id));
}

/** The lanes by gfn that a slot has; those of page tables only where vCPUs see it. */
export function slotSegments(scene: Scene, place: Place): Segments {
  const { slot, there } = place;
  const gfns = { start: slot.baseGfn, end: slot.baseGfn + slot.pages };
  return isSeen(place) ? gfnSegments(scene, gfns, there) : {};
}

/** `slot 0, deleted`, and shorter. */
export function labelsOf({ slot, fate }: Place): readonly string[] {
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

const TITLES: Readonly<Partial<Record<LaneId, readonly string[]>>> = {
  file: ['file'],
  memory: ['userspace', 'user'],
  rmp: ['RMP'],
  attributes: ['attributes', 'attr.'],
  userspace: ['userspace', 'user'],
};

const BASE_LANES: readonly LaneId[] = ['file', 'memory', 'rmp'];

/** The lanes that have something to say in any of the links; `always` are there all the same. */
export function lanesOf(
  links: readonly Link[],
  { tables, moment }: Scene,
  always: readonly LaneId[],
): readonly Lane[] {
  const order: readonly LaneId[] = [
    ...BASE_LANES,
    'attributes',
    ...tables.flatMap(({ kind }) => [`zapped-${kind}`, `sptes-${kind}`] as const),
    'userspace',
  ];
  const shown = new Set<LaneId>(always);
  if (hasPrivateMemory(vmAtEnd(moment).type)) shown.add('attributes');
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

function tableTitles(id: LaneId, tables: readonly PageTables[]): readonly string[] {
  const { kind, titles } = tables.find((table) => id.endsWith(table.kind))!;
  if (id !== `zapped-${kind}`) return titles;
  return tables.length === 1 ? ['zapped'] : [`zapped ${kind === 'mirror' ? 'private' : 'shared'}`, 'zapped'];
}
