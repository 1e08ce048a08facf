/** Requests of views that show the outcomes of races, and the orders that lead to them. */
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { type OrderStep, type Place, stepsTo, type Verdict, type Witness, witnessOf } from '../../outcome';
import { within } from '../background-run/background-run';
import type { ScenarioDocument } from '../documents';
import type { Exploration, RaceResult } from './exploration';
import { failedVerdicts, failureText, raceText } from './verdict-text';

/** An expectation that does not hold. */
export interface FailedView {
  /** `never STALE`. */
  readonly expected: string;
  /** What happens: `STALE gfn 0x80000 in some order`. */
  readonly text: string;
  /** Line of the expectation, from 1. */
  readonly line: number;
  /** Number of the order that breaks it; null if it is one that no order meets. */
  readonly order: number | null;
}

/** An outcome of a race. */
export interface OutcomeView {
  /** One text for each column. */
  readonly values: readonly string[];
  /** Number of final states that have it. */
  readonly states: number;
  readonly order: number;
}

/** A race, for a view. Orders are numbered from 1, as for `gmemscope explore --witness`. */
export interface RaceView {
  /** Line of the race, from 1. */
  readonly line: number;
  /** Title of its scenario; null for a document without blocks. */
  readonly title: string | null;
  /** What its orders do, on one line; null if an error keeps them from being tried. */
  readonly text: string | null;
  /** Whether there will be more. */
  readonly searching: boolean;
  readonly failed: readonly FailedView[];
  readonly columns: readonly string[];
  readonly outcomes: readonly OutcomeView[];
}

export interface RacesView {
  readonly version: number;
  readonly races: readonly RaceView[];
}

export interface OrderParams {
  /** Index among the races of the document. */
  readonly race?: unknown;
  /** Number of the order. */
  readonly order?: unknown;
}

/** An order as a scenario of its own, and its steps. */
export interface OrderView extends Witness {
  readonly steps: readonly OrderStep[];
}

/** Milliseconds that a request waits for the search. */
const WAIT = 1000;

/** Outcomes that a view lists. */
const MOST_OUTCOMES = 500;

/** The places of the orders, by their numbers. */
function placesOf({ verdicts, table }: RaceResult): readonly Place[] {
  return [
    ...verdicts.flatMap(({ place }) => (place === null ? [] : [place])),
    ...table().outcomes.map(({ place }) => place),
  ];
}

/** The number of the order that decides a verdict; null if none does. */
export function orderOf({ verdicts }: RaceResult, verdict: Verdict): number | null {
  if (verdict.place === null) return null;
  const deciding = verdicts.filter(({ place }) => place !== null);
  return deciding.indexOf(verdict) + 1;
}

function viewOf({ document }: ScenarioDocument, exploration: Exploration): RaceView {
  const { program, result, stopped } = exploration;
  const about = {
    line: program.race.line,
    title: program.title,
    text: raceText(exploration),
    searching: result === null && stopped === null,
  };
  if (result === null) return { ...about, failed: [], columns: [], outcomes: [] };
  const { columns, outcomes } = result.table();
  const before = result.verdicts.filter(({ place }) => place !== null).length;
  return {
    ...about,
    failed: failedVerdicts(exploration).map((verdict) => ({
      expected: `${verdict.quantifier} ${verdict.what}`,
      text: failureText(verdict),
      line: document.positionAt(verdict.span.start).line + 1,
      order: orderOf(result, verdict),
    })),
    columns: columns.map(({ title }) => title),
    outcomes: outcomes
      .slice(0, MOST_OUTCOMES)
      .map(({ values, states }, at) => ({ values, states, order: before + at + 1 })),
  };
}

/** The races of a document; those that are still searched after a while say so. */
export async function racesOf(scenario: ScenarioDocument): Promise<RacesView> {
  const explorations = scenario.explorations();
  await within(explorations.finished, WAIT);
  return {
    version: scenario.document.version,
    races: explorations.races.map((exploration) => viewOf(scenario, exploration)),
  };
}

function failed(message: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}

/** The result of a race, and where one of its orders leads; null if there is no such order. */
export async function orderIn(
  scenario: ScenarioDocument,
  race: number,
  order: number,
): Promise<{ readonly result: RaceResult; readonly place: Place } | null> {
  const explorations = scenario.explorations();
  await explorations.finished;
  const result = explorations.races[race]?.result;
  const place = result == null ? undefined : placesOf(result)[order - 1];
  return result == null || place === undefined ? null : { result, place };
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

/** @throws ResponseError if the document has no such order. */
export async function orderView(
  scenario: ScenarioDocument,
  { race, order }: OrderParams,
): Promise<OrderView> {
  const found = isIndex(race) && isIndex(order) ? await orderIn(scenario, race, order) : null;
  if (found === null) throw failed('The race has no such order: it has changed, or was not explored.');
  const text = scenario.document.getText();
  const { explored } = found.result;
  return { ...witnessOf(text, explored, found.place), steps: stepsTo(text, explored, found.place) };
}
