/** What stands behind the lines of the editor at a moment: the custom event `gmemscope/outcomes`. */
import { describeOutcome, type SlotLoss, type Tone } from '../outcome';
import { eventsOf, hasReturned, type Moment, stateOf } from './moment';
import type { Scenario } from './scenario';

/** Name of the event. It says how the outcomes differ from those after the event before it: `outcomesAfter`. */
export const OUTCOMES_EVENT = 'gmemscope/outcomes';

export interface LineOutcome {
  /** From 0: the line on which the statement starts. */
  readonly line0: number;
  readonly text: string;
  /** Markdown. */
  readonly hover: string;
  readonly tone: Tone;
  /** What a statement did, or on the line of a slot what it lost in the current step. */
  readonly kind: 'statement' | 'slot';
}

export interface OutcomesBody {
  readonly uri: string;
  /** Counts the starts of the session, from 1: the lines are those of the text as that start read it. */
  readonly run: number;
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

/** The statement that made a slot as it was when `statement` began; undefined where none did. */
function slotStatement({ program, timeline }: Scenario, slot: number, statement: number): number | undefined {
  for (let at = statement - 1; at >= 0; at--) {
    const { call } = program.statements[at]!;
    const made = call.kind === 'slot' && call.id === BigInt(slot);
    if (made && timeline.outcomes[at]?.failed === false) return at;
  }
  return undefined;
}

function slotOutcomes(scenario: Scenario, lost: readonly SlotLoss[], by: number): readonly LineOutcome[] {
  return lost.flatMap(({ slot, text }) => {
    const made = slotStatement(scenario, slot, by);
    if (made === undefined) return [];
    const { line } = scenario.places[by]!;
    const hover = `Slot ${slot} ${text}, by \`${scenario.names[by]}\` (line ${line}).`;
    return [{ line0: scenario.places[made]!.line - 1, text, hover, tone: 'zapped', kind: 'slot' }];
  });
}

/** What the statement that is on its way did so far. */
function unfinished({ program }: Scenario, moment: Moment) {
  const statement = program.statements[moment.statement]!;
  return describeOutcome(statement, eventsOf(moment), moment.before, stateOf(moment), false);
}

/** All that has been done at a moment, and what the slots lost in its step. */
export function outcomesAt(scenario: Scenario, moment: Moment): readonly LineOutcome[] {
  const { places, timeline } = scenario;
  const returned = moment.statement + (hasReturned(moment) ? 1 : 0);
  const outcomes: LineOutcome[] = [];
  for (let at = 0; at < returned; at++) {
    const { text, hover, tone } = timeline.outcomes[at]!;
    outcomes.push({ line0: places[at]!.line - 1, text, hover, tone, kind: 'statement' });
  }
  if (moment.run === null || hasReturned(moment)) {
    const last = timeline.outcomes[returned - 1];
    const lost = returned === 0 || last === undefined ? [] : slotOutcomes(scenario, last.lost, returned - 1);
    return [...outcomes, ...lost];
  }
  const { text, hover, tone, lost } = unfinished(scenario, moment);
  const line0 = places[moment.statement]!.line - 1;
  if (text !== '') outcomes.push({ line0, text, hover, tone, kind: 'statement' });
  return [...outcomes, ...slotOutcomes(scenario, lost, moment.statement)];
}
