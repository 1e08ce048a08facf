/** Counts the hits of breakpoints with a hit count that were passed unseen. */
import type { Context } from '../context';
import { nextMoment } from '../moment';
import type { DebuggedScenario } from '../scenario';
import type { Slice } from '../stepping/slices';
import { watched } from './data';
import { judgeStep } from './interruptions';
import type { Rule } from './rule';

/** Steps that a slice looks at. */
const SLICE_TICKS = 2048;

function isCounted({ rule }: { readonly rule: Rule }): boolean {
  return rule.hits !== null;
}

/** Counts up to a tick; false where that takes another slice. */
function countUpTo(context: Context, scenario: DebuggedScenario, tick: number): boolean {
  const { hitCounts } = context;
  const { program, timeline } = scenario;
  for (let ticks = 0; ticks < SLICE_TICKS; ticks++) {
    const from = hitCounts.seen(timeline);
    if ((from?.tick ?? -1) >= tick) return true;
    const to = from === null ? timeline.at(0) : nextMoment(program, from);
    judgeStep(context, scenario, from, to, isCounted);
    hitCounts.see(timeline, to);
  }
  return false;
}

/** The same for the runs that a branch came off as well. */
function countAll(context: Context, scenario: DebuggedScenario, tick: number): boolean {
  const { branch } = scenario;
  const before = branch === null || countAll(context, branch.parent, branch.from.tick);
  return before && countUpTo(context, scenario, tick);
}

/** Runs a slice once nothing is left to count. Breakpoints may change between two slices. */
export function afterCounting(context: Context, scenario: DebuggedScenario, slice: Slice): Slice {
  const { timeline } = scenario;
  // A run back starts here, and what it passes is counted already.
  const origin = timeline.current.tick;
  return () => {
    const all = [...context.breakpoints.all(), ...watched(context)];
    if (!all.some(isCounted)) return slice();
    return countAll(context, scenario, Math.max(origin, timeline.current.tick)) ? slice() : null;
  };
}
