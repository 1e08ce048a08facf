/** Finds the rounds of loops in the steps of a call. */
import type { ScheduleStep } from '../../outcome';

/** Longest round that is looked for, in steps. */
const MOST_ROUND = 200;

/** Steps, or steps that do the same again as those before them. */
export interface Round {
  readonly steps: readonly ScheduleStep[];
  readonly again: boolean;
}

/** A number for each step; steps that do the same have the same number. */
function numbersOf(steps: readonly ScheduleStep[]): readonly number[] {
  const known = new Map<string, number>();
  return steps.map(({ procedure, label, phrases, held }) => {
    const key = JSON.stringify([procedure, label, phrases, held]);
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    return number;
  });
}

/** How many steps from `at + length` on equal those `length` steps before. */
function repeated(numbers: readonly number[], at: number, length: number): number {
  let end = at + length;
  while (end < numbers.length && numbers[end] === numbers[end - length]) end++;
  return end - at - length;
}

/**
 * The steps with those of a loop apart that repeat its round; the last round may be incomplete. A round has a step that
 * does something.
 */
export function roundsOf(steps: readonly ScheduleStep[]): readonly Round[] {
  const numbers = numbersOf(steps);
  const rounds: Round[] = [];
  let from = 0;
  for (let at = 0; at < steps.length; at++) {
    if (steps[at]?.phrases.length === 0) continue;
    for (let length = 2; length <= MOST_ROUND && at + 2 * length <= steps.length; length++) {
      const count = repeated(numbers, at, length);
      if (count < length) continue;
      const end = at + length;
      rounds.push({ steps: steps.slice(from, end), again: false });
      rounds.push({ steps: steps.slice(end, end + count), again: true });
      from = end + count;
      at = from - 1;
      break;
    }
  }
  return [...rounds, { steps: steps.slice(from), again: false }];
}
