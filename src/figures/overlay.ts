/** Laying sorted ranges over each other. Costs what there are ranges, whatever they span. */
import { type Extent, elementAt, type Range, type RangeMap, touching } from '../simulator';
import type { Segment } from './figure';

/** A range in which neither map changes its value. */
export interface Piece<A, B> extends Range {
  readonly before: A | undefined;
  readonly after: B | undefined;
}

/** The ranges between cuts, which ascend. */
export function between(cuts: readonly number[]): readonly Range[] {
  return cuts.slice(1).map((end, at) => ({ start: elementAt(cuts, at), end }));
}

/** `[start, end)` cut wherever one of the maps begins or ends an extent. */
export function overlay<A, B>(
  { start, end }: Range,
  before: RangeMap<A>,
  after: RangeMap<B>,
): readonly Piece<A, B>[] {
  const left = touching(before, start, end);
  const right = touching(after, start, end);
  const edges = [...left, ...right].flatMap((extent) => [extent.start, extent.end]);
  const inside = edges.filter((edge) => edge > start && edge < end);
  const cuts = [...new Set([start, ...inside, end])].sort((a, b) => a - b);
  const valueIn = <V>(extents: readonly Extent<V>[]) => {
    let at = 0;
    return (page: number): V | undefined => {
      let extent = extents[at];
      while (extent !== undefined && extent.end <= page) extent = extents[++at];
      return extent !== undefined && extent.start <= page ? extent.value : undefined;
    };
  };
  const [leftAt, rightAt] = [valueIn(left), valueIn(right)];
  return between(cuts).map((range) => ({
    ...range,
    before: leftAt(range.start),
    after: rightAt(range.start),
  }));
}

/** The same ranges under other page numbers. */
export function shifted<V>(map: readonly Extent<V>[], by: number): readonly Extent<V>[] {
  return map.map(({ start, end, value }) => ({ start: start + by, end: end + by, value }));
}

/** Whether two segments have the same content. */
export function alike(a: Segment, b: Segment): boolean {
  return (
    a.word === b.word && a.changed === b.changed && a.about === b.about && a.texts.join() === b.texts.join()
  );
}

/** Joins adjacent segments with the same content; they must ascend. */
export function join(segments: readonly Segment[]): readonly Segment[] {
  const joined: Segment[] = [];
  for (const segment of segments) {
    const last = joined[joined.length - 1];
    if (last !== undefined && last.end === segment.start && alike(last, segment)) {
      joined[joined.length - 1] = { ...last, end: segment.end };
    } else joined.push(segment);
  }
  return joined;
}
