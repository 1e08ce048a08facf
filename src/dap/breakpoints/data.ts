/** Data breakpoints. Whether one is hit depends only on the events of a step. */
import { type Change, changesOf, type Watch } from '../../expressions';
import { eventsBetween } from '../../simulator';
import { happeningOf } from '../evaluation-context';
import type { Moment } from '../moment';
import type { Rule } from './rule';

export interface DataBreakpoint {
  readonly id: number;
  /** Null if the request names nothing that can be watched. */
  readonly watch: Watch | null;
  readonly problem: string | null;
  readonly rule: Rule;
}

export interface DataHitOf {
  readonly breakpoint: DataBreakpoint;
  readonly watch: Watch;
  readonly changes: readonly Change[];
}

/** All watches, from data breakpoints and from function breakpoints that name a watch target. */
export function watched({
  dataBreakpoints,
  namedWatches,
}: {
  readonly dataBreakpoints: readonly DataBreakpoint[];
  readonly namedWatches: readonly DataBreakpoint[];
}): readonly DataBreakpoint[] {
  return namedWatches.length === 0 ? dataBreakpoints : [...dataBreakpoints, ...namedWatches];
}

const NONE: readonly DataHitOf[] = [];

/** The data breakpoints hit by the step from one moment to the next. */
export function dataHits(
  breakpoints: readonly DataBreakpoint[],
  from: Moment,
  to: Moment,
): readonly DataHitOf[] {
  if (breakpoints.length === 0) return NONE;
  if (eventsBetween(from, to).length === 0) return NONE;
  const happening = happeningOf(from, to);
  return breakpoints.flatMap((breakpoint) => {
    const { watch } = breakpoint;
    if (watch === null) return [];
    const changes = changesOf(watch.target, watch.what, happening);
    return changes.length === 0 ? [] : [{ breakpoint, watch, changes }];
  });
}
