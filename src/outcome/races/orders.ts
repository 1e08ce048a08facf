/** The orders of a race that have a number. */
import type { Place } from '../../explorer';
import type { OutcomeColumn, OutcomeTable } from './outcomes';
import { type Verdict, verdictSentence } from './verdicts';

/** An order of a race, and what it shows. */
export interface NumberedOrder {
  readonly place: Place;
  /** A sentence about an expectation, or the values of an outcome. */
  readonly shows: string;
  /** Whether it is against an expectation, meets one, or is an example of an outcome. */
  readonly kind: 'fails' | 'holds' | 'outcome';
}

function valueText({ title, name }: OutcomeColumn, value: string): string {
  return `${name ?? title}: ${value}`;
}

function ofVerdict(verdict: Verdict): readonly NumberedOrder[] {
  const { quantifier, what, place, holds, detail } = verdict;
  if (place === null) return [];
  const example = `\`${quantifier} ${what}\`, in this order: ${detail ?? what}`;
  return [{ place, shows: holds ? example : verdictSentence(verdict), kind: holds ? 'holds' : 'fails' }];
}

/** Those that decide an expectation, then one for each outcome. The first has number 1. */
export function numberedOrders(
  verdicts: readonly Verdict[],
  { columns, outcomes }: OutcomeTable,
): readonly NumberedOrder[] {
  return [
    ...verdicts.flatMap(ofVerdict),
    ...outcomes.map(({ values, place }) => {
      const shows = columns.map((column, at) => valueText(column, values[at] ?? '')).join('; ');
      return { place, shows, kind: 'outcome' as const };
    }),
  ];
}
