/**
 * How often breakpoints were hit since the start of the run. Hit counts do not depend on direction: a run is
 * deterministic, so skipped moments are replayed and counted later.
 */
import { elementAt } from '../../simulator';
import type { Moment } from '../moment';
import type { DebuggedScenario } from '../scenario';
import type { Timeline } from '../timeline';

interface Counted {
  /** All moments up to this one have been counted; null before the first. */
  seen: Moment | null;
  /** The ticks of the hits of each breakpoint, in order. */
  readonly ticks: Map<number, number[]>;
}

function tickOf({ seen }: Counted): number {
  return seen?.tick ?? -1;
}

/** Number of sorted ticks that are <= `tick`. */
function countUpTo(ticks: readonly number[], tick: number): number {
  let low = 0;
  let high = ticks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (elementAt(ticks, middle) <= tick) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class HitCounts {
  private byTimeline = new WeakMap<Timeline, Counted>();

  /** Clears all counts, after the breakpoints have changed. */
  reset(): void {
    this.byTimeline = new WeakMap();
  }

  /** The moment up to which hits were counted; null at first. */
  seen(timeline: Timeline): Moment | null {
    return this.of(timeline).seen;
  }

  /** Records that a moment was counted. */
  see(timeline: Timeline, moment: Moment): void {
    const counted = this.of(timeline);
    if (moment.tick === tickOf(counted) + 1) counted.seen = moment;
  }

  /** Number of the hit at a tick, from 1. On a branch, hits of the parent run before the branch count as well. */
  hit(id: number, scenario: DebuggedScenario, tick: number): number {
    const counted = this.of(scenario.timeline);
    const known = counted.ticks.get(id) ?? [];
    if (tick > tickOf(counted) && known.at(-1) !== tick) known.push(tick);
    counted.ticks.set(id, known);
    return this.before(id, scenario) + countUpTo(known, tick);
  }

  private before(id: number, { branch }: DebuggedScenario): number {
    if (branch === null) return 0;
    const { parent, from } = branch;
    const known = this.of(parent.timeline).ticks.get(id) ?? [];
    return this.before(id, parent) + countUpTo(known, from.tick);
  }

  private of(timeline: Timeline): Counted {
    const known = this.byTimeline.get(timeline);
    if (known !== undefined) return known;
    const counted = { seen: null, ticks: new Map() };
    this.byTimeline.set(timeline, counted);
    return counted;
  }
}
