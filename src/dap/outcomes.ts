/** The inline text at the ends of editor lines: the custom event `gmemscope/outcomes`. */

import type { CompiledStatement } from '../language';
import {
  aroundAt,
  aroundCall,
  describeOutcome,
  markdownCode,
  markdownText,
  type OutcomeText,
  type SlotLoss,
  type SlotOfVm,
  type Tone,
} from '../outcome';
import { elementAt, eventsIn, eventsOf, hasReturned, isUnderWay, reachedBy, suspendedAt } from '../simulator';
import type { Moment } from './moment';
import { type DebuggedScenario, labelAt } from './scenario';
import type { Label } from './source-location';
import type { Timeline } from './timeline';

/** Name of the event. It holds the difference from the outcomes after the previous event; see `outcomesAfter`. */
export const OUTCOMES_EVENT = 'gmemscope/outcomes';

export interface LineOutcome {
  /** The line on which the statement starts, from 0. */
  readonly line0: number;
  readonly text: string;
  /** Markdown. */
  readonly hover: string;
  readonly tone: Tone;
  /**
   * The outcome of a statement, the outcome of a typed statement on a branch, or the mappings that a slot lost in
   * the current step.
   */
  readonly kind: 'statement' | 'what-if' | 'slot';
}

export interface OutcomesBody {
  readonly uri: string;
  /** Number of the run in the session, from 1. Lines refer to the text as read at the start of that run. */
  readonly run: number;
  /** Whether the outcomes belong to a branch; typed statements do not change the scenario's own run. */
  readonly branch: boolean;
  /** Whether a person can choose which task of a race steps; absent: no. */
  readonly race?: boolean;
  /** Number of leading outcomes to keep; 0 in the first event of a run. Saves sending all outcomes at each stop. */
  readonly keep: number;
  /** The outcomes that follow those kept. */
  readonly outcomes: readonly LineOutcome[];
}

function sameOutcome(a: LineOutcome, b: LineOutcome): boolean {
  if (a === b) return true;
  if (a.line0 !== b.line0 || a.tone !== b.tone || a.kind !== b.kind) return false;
  return a.text === b.text && a.hover === b.hover;
}

/** The difference between two lists of outcomes. */
export function outcomesChange(
  before: readonly LineOutcome[],
  after: readonly LineOutcome[],
): Pick<OutcomesBody, 'keep' | 'outcomes'> {
  const differs = after.findIndex((one, at) => before[at] === undefined || !sameOutcome(one, before[at]));
  const keep = differs === -1 ? after.length : differs;
  return { keep, outcomes: after.slice(keep) };
}

/** Applies an event to the outcomes before it. */
export function outcomesAfter(
  before: readonly LineOutcome[],
  { keep, outcomes }: Pick<OutcomesBody, 'keep' | 'outcomes'>,
): readonly LineOutcome[] {
  return [...before.slice(0, keep), ...outcomes];
}

/** The statement that created a slot as it was when `statement` began, also on the parent run of a branch. */
function slotLabel(
  scenario: DebuggedScenario,
  { vmId, slot }: SlotOfVm,
  statement: number,
): Label | undefined {
  const { timeline, branch } = scenario;
  for (let at = statement - 1; at >= 0; at--) {
    const made = timeline.outcomes[at]?.made ?? null;
    if (made !== null && made.vmId === vmId && made.slot === slot) return labelAt(scenario, at);
  }
  return branch === null ? undefined : slotLabel(branch.parent, { vmId, slot }, branch.rest);
}

function slotOutcomes(
  scenario: DebuggedScenario,
  lost: readonly SlotLoss[],
  by: number,
): readonly LineOutcome[] {
  return lost.flatMap((loss) => {
    const made = slotLabel(scenario, loss, by);
    if (made === undefined) return [];
    const { slot, text } = loss;
    const { name, location } = labelAt(scenario, by);
    const hover = `Slot ${slot} ${markdownText(text)}, by ${markdownCode(name)} (line ${location.line}).`;
    return [{ line0: made.location.line - 1, text, hover, tone: 'zapped', kind: 'slot' }];
  });
}

/** The texts of statements that are under way, by what they did so far: most steps add nothing. */
const unfinishedTexts = new WeakMap<
  object,
  { readonly statement: CompiledStatement; readonly text: OutcomeText }
>();

/** The outcome so far of the current statement. Only an event changes it. */
function unfinished({ program }: DebuggedScenario, moment: Moment): OutcomeText {
  const statement = elementAt(program.statements, moment.statement);
  const soFar = moment.trail ?? moment.before;
  const known = unfinishedTexts.get(soFar);
  if (known?.statement === statement) return known.text;
  const text = describeOutcome(statement, eventsOf(moment), aroundAt(moment), false);
  unfinishedTexts.set(soFar, { statement, text });
  return text;
}

/** The lines of the statements of a timeline that have returned, which every stop lists again. */
interface FinishedLines {
  readonly outcomes: OutcomeText[];
  readonly lines: LineOutcome[];
}

const finishedLines = new WeakMap<Timeline, FinishedLines>();

/** A new list of the lines of the first statements, all of which have an outcome. */
function linesUpTo(scenario: DebuggedScenario, reached: number): LineOutcome[] {
  const { timeline } = scenario;
  const known = finishedLines.get(timeline) ?? { outcomes: [], lines: [] };
  finishedLines.set(timeline, known);
  const { outcomes, lines } = known;
  for (let at = 0; at < reached; at++) {
    const outcome = timeline.outcomes[at];
    // A call that waited has another outcome when it returns.
    if (outcome === undefined || outcome === outcomes[at]) continue;
    outcomes[at] = outcome;
    lines[at] = lineOutcome(labelAt(scenario, at), outcome);
  }
  return lines.slice(0, reached);
}

function lineOutcome({ name, location, typed }: Label, { text, hover, tone }: OutcomeText): LineOutcome {
  const line0 = location.line - 1;
  if (typed === null) return { line0, text, hover, tone, kind: 'statement' };
  const whatIf = { text: `what if ${name}: ${text}`, hover: `What if ${markdownCode(name)}:\n\n${hover}` };
  return { line0, ...whatIf, tone, kind: 'what-if' };
}

/** The outcomes so far of statements whose calls wait, by statement. */
function* waitingOutcomes(moment: Moment): Generator<readonly [statement: number, OutcomeText]> {
  // A call that has just resumed and returned waits no longer.
  for (const call of suspendedAt(moment)) {
    const { resumesAlone, statement, scheduled, trail, before, after, vmId, why } = call;
    if (!resumesAlone || statement === null) continue;
    const around = aroundCall(scheduled.call, before, after, vmId);
    // A person suspended it between two steps.
    const isComplete = why !== 'suspended';
    yield [statement, describeOutcome(scheduled, eventsIn(trail), around, isComplete)];
  }
}

/** The outcomes of all statements up to a moment; those of the parent run come first. */
function done(scenario: DebuggedScenario, moment: Moment): readonly LineOutcome[] {
  const { branch } = scenario;
  const reached = reachedBy(moment) + (hasReturned(moment) || moment.resumption !== null ? 1 : 0);
  const own: (LineOutcome | null)[] = linesUpTo(scenario, reached);
  for (const [statement, outcome] of waitingOutcomes(moment)) {
    // The call of a race may have done nothing yet.
    if (statement < reached)
      own[statement] = outcome.text === '' ? null : lineOutcome(labelAt(scenario, statement), outcome);
  }
  if (isUnderWay(moment)) {
    const { statement } = moment;
    if (statement < reached) own[statement] = null;
    const outcome = unfinished(scenario, moment);
    if (outcome.text !== '') own.push(lineOutcome(labelAt(scenario, statement), outcome));
  }
  const lines = own.filter((line) => line !== null);
  return branch === null ? lines : [...done(branch.parent, branch.from), ...lines];
}

/** What slots lost in the step that led to a moment. */
function lostAt(scenario: DebuggedScenario, moment: Moment): readonly LineOutcome[] {
  if (moment.run !== null && !hasReturned(moment)) {
    return slotOutcomes(scenario, unfinished(scenario, moment).lost, moment.statement);
  }
  const last = hasReturned(moment) ? moment.statement : reachedBy(moment) - 1;
  const outcome = scenario.timeline.outcomes[last];
  return last < 0 || outcome === undefined ? [] : slotOutcomes(scenario, outcome.lost, last);
}

/** All outcomes at a moment, and what slots lost in its step. */
export function outcomesAt(scenario: DebuggedScenario, moment: Moment): readonly LineOutcome[] {
  const lost = lostAt(scenario, moment);
  const all = done(scenario, moment);
  return lost.length === 0 ? all : [...all, ...lost];
}
