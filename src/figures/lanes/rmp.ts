/** What the Reverse Map Table says of host pages: whose they are. */
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
import type { Moment } from '../moment';
import { join, overlay, shifted } from '../overlay';
import { CHANGED } from '../words';

/** Entries as a figure tells them: by the page of its base, with the gfn relative to it. */
type Entries = readonly Extent<RmpEntry>[];

function same(a: RmpEntry, b: RmpEntry): boolean {
  return (Object.keys(HYPERVISOR) as (keyof RmpEntry)[]).every((key) => a[key] === b[key]);
}

/** What a level has beyond nothing: `, VMPL 1 rw--`. */
function permissionsText(entry: RmpEntry): string {
  return [1, 2, 3]
    .filter((vmpl) => permissionsOf(entry, vmpl) !== 0)
    .map((vmpl) => `, VMPL ${vmpl} ${permissionText(permissionsOf(entry, vmpl))}`)
    .join('');
}

/** `entry` of base pages `[start, end)`, which the guest has at gfns from `gfn` on; null where it has them nowhere. */
function entrySegment(
  entry: RmpEntry,
  start: number,
  gfn: number | null,
  changed: boolean,
): Omit<Segment, keyof Range> {
  const mark = changed ? CHANGED : '';
  if (!entry.assigned) {
    const about = "the hypervisor's, by the RMP";
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

/** Where the pages of `pages` are, or were before they were freed. */
function framesOf(pages: Range, before: GmemFile | undefined, after: GmemFile) {
  return overlay(pages, before?.cache ?? [], after.cache).flatMap((piece) => {
    const frame = piece.after?.frame ?? piece.before?.frame;
    return frame === undefined ? [] : [{ start: piece.start, end: piece.end, frame }];
  });
}

/** Pages `[start, end)` of the file, which the guest has at `gfns`. */
export function fileRmpSegments(
  moment: Moment,
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
  return segmentsOf(pages, entries(moment.before), entries(moment.after), gfns);
}

/** Host pages `[start, end)` that no file has. */
export function frameRmpSegments(moment: Moment, pfns: Range): readonly Segment[] {
  return segmentsOf(pfns, entriesOf(moment.before, pfns, 0), entriesOf(moment.after, pfns, 0), null);
}

/** What the RMP says of host pages `[start, end)`, entry for entry, with the gfn that each names. */
export function rmpTexts(state: State, pfns: Range): readonly string[] {
  return entriesOf(state, pfns, 0).map(({ start, value }) => entrySegment(value, start, null, false).about);
}
