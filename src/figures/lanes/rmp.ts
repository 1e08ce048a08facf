/** The Reverse Map Table's entries for host pages. */
import { hex } from '../../outcome';
import {
  type Extent,
  type GmemFile,
  HYPERVISOR,
  permissionsOf,
  permissionText,
  type Range,
  type RmpEntry,
  type State,
  within,
} from '../../simulator';
import type { Segment } from '../figure';
import { CHANGED } from '../lane-words';
import { join, overlay, shifted } from '../overlay';
import type { Transition } from '../transition';

/** Entries as a figure shows them: by page of the base, with the gfn relative to it. */
type Entries = readonly Extent<RmpEntry>[];

function same(a: RmpEntry, b: RmpEntry): boolean {
  return (Object.keys(HYPERVISOR) as (keyof RmpEntry)[]).every((key) => a[key] === b[key]);
}

/** The permissions of a VMPL, if it has any: `, VMPL 1 rw--`. */
function permissionsText(entry: RmpEntry): string {
  return [1, 2, 3]
    .filter((vmpl) => permissionsOf(entry, vmpl) !== 0)
    .map((vmpl) => `, VMPL ${vmpl} ${permissionText(permissionsOf(entry, vmpl))}`)
    .join('');
}

/**
 * The segment of `entry` for base pages `[start, end)`, which the guest has from `gfn` on; null if it has them nowhere.
 */
function entrySegment(
  entry: RmpEntry,
  start: number,
  gfn: number | null,
  changed: boolean,
): Omit<Segment, keyof Range> {
  const mark = changed ? CHANGED : '';
  if (!entry.assigned) {
    const about = 'owned by the hypervisor in the RMP';
    return { word: 'hypervisor', changed, texts: [`${mark}hypervisor`, `${mark}hyp.`], about };
  }
  const size = entry.pageSize === 2 ? '2M' : '4K';
  const named = start + entry.gfnDelta;
  const elsewhere = named !== gfn;
  const flags = [
    entry.validated ? 'validated' : null,
    entry.vmsa ? 'VMSA' : null,
    entry.immutable ? 'immutable' : null,
  ];
  const words = flags.filter((flag) => flag !== null);
  const letters = words.map((word) => (word === 'VMSA' ? 's' : word[0])).join('');
  const at = elsewhere ? ` @${hex(named)}` : '';
  const owner = `ASID ${entry.asid}`;
  return {
    word: elsewhere && gfn !== null ? 'misplaced' : 'assigned',
    changed,
    texts: [
      [`${mark}${owner} ${size}`, ...words].join(' ') + at,
      [`${mark}${owner} ${size}`, letters].filter((part) => part !== '').join(' ') + at,
      [`${mark}${entry.asid} ${size}`, letters].filter((part) => part !== '').join(' ') + at,
    ],
    about:
      [`assigned to ${owner}, entry of ${size}`, ...words].join(', ') +
      `${permissionsText(entry)}${elsewhere ? `, at gfn ${hex(named)}` : ''}`,
  };
}

function segmentsOf(pages: Range, before: Entries, after: Entries, gfns: Range | null): readonly Segment[] {
  const segments = overlay(pages, before, after).flatMap((piece): Segment[] => {
    if (piece.after === undefined) return [];
    const { start, end } = piece;
    const changed = piece.before !== undefined && !same(piece.before, piece.after);
    const gfn = gfns === null ? null : start - pages.start + gfns.start;
    return [{ start, end, ...entrySegment(piece.after, start, gfn, changed) }];
  });
  return join(segments);
}

/** The entries of host pages `pfns`, under the numbers `pfn + by`. */
function entriesOf({ rmp }: State, pfns: Range, by: number): Entries {
  const known = within(rmp, pfns.start, pfns.end);
  const all = overlay(pfns, known, known).map(({ start, end, after = HYPERVISOR }) => ({
    start,
    end,
    value: { ...after, gfnDelta: after.gfnDelta - by },
  }));
  return shifted(all, by);
}

/** The host pages of `pages`, or those before they were freed. */
function framesOf(pages: Range, before: GmemFile | undefined, after: GmemFile) {
  return overlay(pages, before?.cache ?? [], after.cache).flatMap((piece) => {
    const frame = piece.after?.frame ?? piece.before?.frame;
    return frame === undefined ? [] : [{ start: piece.start, end: piece.end, frame }];
  });
}

/** Pages `[start, end)` of the file, which the guest has at `gfns`. */
export function fileRmpSegments(
  transition: Transition,
  pages: Range,
  gfns: Range | null,
  before: GmemFile | undefined,
  after: GmemFile,
): readonly Segment[] {
  const frames = framesOf(pages, before, after);
  const entries = (state: State) =>
    frames.flatMap(({ start, end, frame }) =>
      entriesOf(state, { start: start + frame, end: end + frame }, -frame),
    );
  return segmentsOf(pages, entries(transition.before), entries(transition.after), gfns);
}

/** Host pages `[start, end)` that no file has. */
export function frameRmpSegments(transition: Transition, pfns: Range): readonly Segment[] {
  return segmentsOf(pfns, entriesOf(transition.before, pfns, 0), entriesOf(transition.after, pfns, 0), null);
}

/** The RMP entries of host pages `[start, end)`, with the gfn that each names. */
export function rmpTexts(state: State, pfns: Range): readonly string[] {
  return entriesOf(state, pfns, 0).map(({ start, value }) => entrySegment(value, start, null, false).about);
}
