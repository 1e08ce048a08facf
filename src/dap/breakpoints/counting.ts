/** Counts breakpoint hits in moments that were skipped, for breakpoints with a hit count. */
import type { Context } from '../context';
import type { DebuggedScenario } from '../scenario';
import type { Slice } from '../stepping/slices';
import { watched } from './data';
import { judgeStep } from './interruptions';
import type { Rule } from './rule';

/** Maximum number of steps per slice. */
const SLICE_TICKS = 2048;

function isCounted({ rule }: { readonly rule: Rule }): boolean {
  return rule.hits !== null;
}

/** Counts up to a tick; false if another slice is needed. */
function countUpTo(context: Context, scenario: DebuggedScenario, tick: number): boolean {
  const { hitCounts } = context;
  const { timeline } = scenario;
  for (let ticks = 0; ticks < SLICE_TICKS; ticks++) {
    const from = hitCounts.seen(timeline);
    if ((from?.tick ?? -1) >= tick) return true;
    const to = from === null ? timeline.at(0) : timeline.following(from);
    judgeStep(context, scenario, from, to, isCounted);
    hitCounts.see(timeline, to);
  }
  return false;
}

/** Counts on the parent runs of a branch as well. */
function countAll(context: Context, scenario: DebuggedScenario, tick: number): boolean {
  const { branch } = scenario;
  const before = branch === null || countAll(context, branch.parent, branch.from.tick);
  return before && countUpTo(context, scenario, tick);
}

/** Runs a slice after counting has finished. Breakpoints may change between two slices. */
export function afterCounting(context: Context, scenario: DebuggedScenario, slice: Slice): Slice {
  const { timeline } = scenario;
  // A reverse run starts here; the moments it passes are already counted.
  const origin = timeline.current.tick;
  return () => {
    const all = [...context.breakpoints.all(), ...watched(context)];
    if (!all.some(isCounted)) return slice();
    return countAll(context, scenario, Math.max(origin, timeline.current.tick)) ? slice() : null;
  };
}
