/**
 * How often breakpoints were hit, counted from the start of the run: the third hit is the third, from whichever side
 * one comes to it. A run is determined, so what was passed unseen is counted later by looking at it again.
 */
import type { Moment } from '../moment';
import type { DebuggedScenario } from '../scenario';
import type { Timeline } from '../timeline';

interface Counted {
  /** Every moment up to this one has been looked at; null before the first. */
  seen: Moment | null;
  /** For each breakpoint, the ticks of its hits in order. */
  readonly ticks: Map<number, number[]>;
}

function tickOf({ seen }: Counted): number {
  return seen?.tick ?? -1;
}

/** How many of the sorted ticks are at most `tick`. */
function countUpTo(ticks: readonly number[], tick: number): number {
  let low = 0;
  let high = ticks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ticks[middle]! <= tick) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class HitCounts {
  private byTimeline = new WeakMap<Timeline, Counted>();

  /** Forgets all: the breakpoints are others now. */
  reset(): void {
    this.byTimeline = new WeakMap();
  }

  /** The moment up to which everything was looked at; null at first. */
  seen(timeline: Timeline): Moment | null {
    return this.of(timeline).seen;
  }

  /** Notes that a moment was looked at. */
  see(timeline: Timeline, moment: Moment): void {
    const counted = this.of(timeline);
    if (moment.tick === tickOf(counted) + 1) counted.seen = moment;
  }

  /** Number of the hit at a tick, from 1; on a branch, those before it count as well. */
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
