import { within } from '../background-run/background-run';
import type { ScenarioDocument } from '../documents';
import { type Explorations, isExplored } from './exploration';

/** How long requests wait for the background run and for the search of races. */
export interface Patience {
  /** Milliseconds that a request waits; what is not known by then is omitted. */
  readonly most: number;
  /** Called when there is more to show. */
  readonly onLate: () => void;
}

/** Milliseconds. */
export const PATIENCE = 250;

/** Milliseconds between two reports of how far a search has come. */
const PROGRESS = 1000;

/** Waits for the races of a text. */
export async function exploredWithin(
  scenario: ScenarioDocument,
  explorations: Explorations,
  { most, onLate }: Patience,
): Promise<void> {
  if (isExplored(explorations)) return;
  await within(explorations.finished, most);
  if (isExplored(explorations)) return;
  void within(explorations.finished, PROGRESS).then(() => !scenario.isOutdated() && onLate());
}
