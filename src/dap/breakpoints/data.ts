/** Data breakpoints: decided from the events of a step, whatever the machine looks like. */
import { type Change, changesOf, type Watch } from '../../expressions';
import type { Context } from '../context';
import { eventsBetween, type Moment } from '../moment';
import { happeningOf } from '../scene';
import type { Rule } from './rule';

export interface DataBreakpoint {
  readonly id: number;
  /** Null where the request names nothing that can be watched. */
  readonly watch: Watch | null;
  readonly problem: string | null;
  readonly rule: Rule;
}

export interface DataHitOf {
  readonly breakpoint: DataBreakpoint;
  readonly watch: Watch;
  readonly changes: readonly Change[];
}

/** All that is watched, by data breakpoints and by function breakpoints that name it. */
export function watched({
  dataBreakpoints,
  namedWatches,
}: Pick<Context, 'dataBreakpoints' | 'namedWatches'>): readonly DataBreakpoint[] {
  return namedWatches.length === 0 ? dataBreakpoints : [...dataBreakpoints, ...namedWatches];
}

const NONE: readonly DataHitOf[] = [];

/** The data breakpoints that are hit by the step from one moment to the next. */
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
    const changes = changesOf(watch.place, watch.what, happening);
    return changes.length === 0 ? [] : [{ breakpoint, watch, changes }];
  });
}
