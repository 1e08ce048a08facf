/** What stands behind the lines of the editor at a moment: the custom event `gmemscope/outcomes`. */
import { describeOutcome, type OutcomeText, type SlotLoss, type SlotOfVm, type Tone } from '../outcome';
import { aroundOf, eventsIn, eventsOf, hasReturned, isUnderWay, type Moment, reachedBy } from './moment';
import type { Label } from './places';
import { labelAt, type Scenario } from './scenario';

/** Name of the event. It says how the outcomes differ from those after the event before it: `outcomesAfter`. */
export const OUTCOMES_EVENT = 'gmemscope/outcomes';

export interface LineOutcome {
  /** From 0: the line on which the statement starts. */
  readonly line0: number;
  readonly text: string;
  /** Markdown. */
  readonly hover: string;
  readonly tone: Tone;
  /**
   * What a statement did, what one did that was typed for a branch, or on the line of a slot what it lost in the
   * current step.
   */
  readonly kind: 'statement' | 'what-if' | 'slot';
}

export interface OutcomesBody {
  readonly uri: string;
  /** Counts the starts of the session, from 1: the lines are those of the text as that start read it. */
  readonly run: number;
  /** Whether what is shown is of a branch: typed statements ran, and did nothing to the scenario's run. */
  readonly branch: boolean;
  /** How many outcomes stay, from the first; 0 in the first event of a run. A long scenario is not sent at each stop. */
  readonly keep: number;
  /** What follows those that stay. */
  readonly outcomes: readonly LineOutcome[];
}

function sameOutcome(a: LineOutcome, b: LineOutcome): boolean {
  return (
    a.line0 === b.line0 && a.text === b.text && a.hover === b.hover && a.tone === b.tone && a.kind === b.kind
  );
}

/** How to come from one list of outcomes to another. */
export function outcomesChange(
  before: readonly LineOutcome[],
  after: readonly LineOutcome[],
): Pick<OutcomesBody, 'keep' | 'outcomes'> {
  const differs = after.findIndex((one, at) => before[at] === undefined || !sameOutcome(one, before[at]));
  const keep = differs === -1 ? after.length : differs;
  return { keep, outcomes: after.slice(keep) };
}

/** The outcomes after an event, out of those before it. */
export function outcomesAfter(
  before: readonly LineOutcome[],
  { keep, outcomes }: Pick<OutcomesBody, 'keep' | 'outcomes'>,
): readonly LineOutcome[] {
  return [...before.slice(0, keep), ...outcomes];
}

/** The statement that made a slot as it was when `statement` began, also before a branch came off. */
function slotLabel(scenario: Scenario, { vmId, slot }: SlotOfVm, statement: number): Label | undefined {
  const { timeline, branch } = scenario;
  for (let at = statement - 1; at >= 0; at--) {
    const made = timeline.outcomes[at]?.made ?? null;
    if (made !== null && made.vmId === vmId && made.slot === slot) return labelAt(scenario, at);
  }
  return branch === null ? undefined : slotLabel(branch.parent, { vmId, slot }, branch.rest);
}

function slotOutcomes(scenario: Scenario, lost: readonly SlotLoss[], by: number): readonly LineOutcome[] {
  return lost.flatMap((loss) => {
    const made = slotLabel(scenario, loss, by);
    if (made === undefined) return [];
    const { slot, text } = loss;
    const { name, place } = labelAt(scenario, by);
    const hover = `Slot ${slot} ${text}, by \`${name}\` (line ${place.line}).`;
    return [{ line0: made.place.line - 1, text, hover, tone: 'zapped', kind: 'slot' }];
  });
}

/** What the statement that is on its way did so far. */
function unfinished({ program }: Scenario, moment: Moment): OutcomeText {
  const statement = program.statements[moment.statement]!;
  return describeOutcome(statement, eventsOf(moment), aroundOf(moment), false);
}

function lineOutcome({ name, place, typed }: Label, { text, hover, tone }: OutcomeText): LineOutcome {
  const line0 = place.line - 1;
  if (typed === null) return { line0, text, hover, tone, kind: 'statement' };
  const whatIf = { text: `what if ${name}: ${text}`, hover: `What if \`${name}\`:\n\n${hover}` };
  return { line0, ...whatIf, tone, kind: 'what-if' };
}

/** What a statement did whose call waits at the moment; null where it does not, and all of it is known. */
function waitingOutcome({ standing }: Moment, statement: number): OutcomeText | null {
  const waiting = standing.find((one) => one.byItself && one.statement === statement);
  if (waiting === undefined) return null;
  const { compiled, trail, around } = waiting;
  return describeOutcome(compiled, eventsIn(trail), around);
}

/** All that statements have done at a moment, those before a branch came off first. */
function done(scenario: Scenario, moment: Moment): readonly LineOutcome[] {
  const { timeline, branch } = scenario;
  const before = branch === null ? [] : done(branch.parent, branch.from);
  const reached = reachedBy(moment) + (hasReturned(moment) || moment.late !== null ? 1 : 0);
  const underWay = isUnderWay(moment) ? moment.statement : null;
  const own: LineOutcome[] = [];
  for (let at = 0; at < reached; at++) {
    if (at === underWay) continue;
    const outcome = waitingOutcome(moment, at) ?? timeline.outcomes[at]!;
    own.push(lineOutcome(labelAt(scenario, at), outcome));
  }
  if (underWay === null) return [...before, ...own];
  const outcome = unfinished(scenario, moment);
  return outcome.text === ''
    ? [...before, ...own]
    : [...before, ...own, lineOutcome(labelAt(scenario, underWay), outcome)];
}

/** What the slots lost in the step that led to a moment. */
function lostAt(scenario: Scenario, moment: Moment): readonly LineOutcome[] {
  if (moment.run !== null && !hasReturned(moment)) {
    return slotOutcomes(scenario, unfinished(scenario, moment).lost, moment.statement);
  }
  const last = hasReturned(moment) ? moment.statement : reachedBy(moment) - 1;
  const outcome = scenario.timeline.outcomes[last];
  return last < 0 || outcome === undefined ? [] : slotOutcomes(scenario, outcome.lost, last);
}

/** All that has been done at a moment, and what the slots lost in its step. */
export function outcomesAt(scenario: Scenario, moment: Moment): readonly LineOutcome[] {
  return [...done(scenario, moment), ...lostAt(scenario, moment)];
}
