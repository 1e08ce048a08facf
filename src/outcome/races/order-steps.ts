/** The steps of an order of a race, for people. */
import { orderTo, type Place } from '../../explorer';
import { stepsOf } from '../../language';
import { must } from '../../simulator';
import { sourceLine } from '../text/transcript';
import type { ExploredRace } from './explore';

/** A step of an order. */
export interface OrderStep {
  /** The name of its task. */
  readonly task: string;
  /** The call as written. */
  readonly call: string;
  readonly procedure: string;
  readonly label: string;
  /** What the step does. */
  readonly text: string;
}

/**
 * The steps of the shortest order to a place.
 * @param text The text from which the program was compiled.
 */
export function stepsTo(text: string, explored: ExploredRace, place: Place): readonly OrderStep[] {
  const { program, result } = explored;
  const { race, setup, statements } = program;
  const known = stepsOf(setup);
  return orderTo(result, place).steps.map(({ task, call, procedure, label }) => {
    const own = must(race.tasks[task], 'task');
    return {
      task: own.name,
      call: sourceLine(text, must(statements[own.start + call], 'call of the race')),
      procedure,
      label,
      text: known?.get(label)?.text ?? '',
    };
  });
}
