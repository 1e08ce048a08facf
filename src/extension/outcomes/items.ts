import type { OrderView, OutcomeView, RacesView, RaceView } from '../../lsp';
import { labelText } from '../plain-text';

/** The items of the Outcomes view: races, their failed expectations and outcomes, and the steps of an order. */

export interface OutcomeItem {
  readonly kind: 'race' | 'failed' | 'outcome' | 'step';
  readonly label: string;
  /** Beside the label, less prominent. */
  readonly description: string;
  /** Plain text. */
  readonly tooltip: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** Index of its race in the document. */
  readonly race: number;
  /** Number of its order; null for a race, and for what happens in no order. */
  readonly order: number | null;
  /** Line in the document of the race, from 1; null for an outcome and a step, which have an order. */
  readonly line: number | null;
  readonly parent: OutcomeItem | null;
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}

/** The races of a document. */
export function raceItems({ races }: RacesView): readonly OutcomeItem[] {
  return races.map(({ title, line, text }, race) => {
    const name = title === null ? `race in line ${line}` : title;
    const verdict = text ?? 'not explored: the scenario has an error';
    return {
      kind: 'race',
      label: labelText(name),
      description: verdict,
      tooltip: `${name}: ${verdict}`,
      spoken: `Race, ${name}, ${verdict}`,
      ...{ race, order: null, line, parent: null },
    };
  });
}

/** The columns of an outcome with its values. */
function valuesText(columns: readonly string[], { values }: OutcomeView): string {
  const parts = values.map((value, at) => `${columns[at] ?? ''}: ${value || '-'}`);
  return parts.length === 0 ? 'the only outcome' : parts.join(' · ');
}

function outcomeItem(parent: OutcomeItem, columns: readonly string[], outcome: OutcomeView): OutcomeItem {
  const text = valuesText(columns, outcome);
  const states = counted(outcome.states, 'final state');
  return {
    kind: 'outcome',
    label: labelText(text),
    description: states,
    tooltip: `${text.replaceAll(' · ', '\n')}\n${states}`,
    spoken: `Outcome, ${text.replaceAll(' · ', ', ')}, ${states}`,
    ...{ race: parent.race, order: outcome.order, line: null, parent },
  };
}

/** What an item of a race has below it: what does not hold, then the outcomes. */
export function itemsOfRace(
  parent: OutcomeItem,
  { failed, columns, outcomes }: RaceView,
): readonly OutcomeItem[] {
  const failures = failed.map(
    ({ expected, text, line, order }): OutcomeItem => ({
      kind: 'failed',
      label: labelText(expected),
      description: `${text} · line ${line}`,
      tooltip: `Line ${line} expects: ${expected}\nBut: ${text}`,
      spoken: `Failed expectation in line ${line}, ${expected}, but ${text}`,
      ...{ race: parent.race, order, line, parent },
    }),
  );
  return [...failures, ...outcomes.map((outcome) => outcomeItem(parent, columns, outcome))];
}

/** The steps of an order, with the task that makes each. */
export function stepItems(parent: OutcomeItem, { steps }: OrderView): readonly OutcomeItem[] {
  return steps.map(({ task, label, text, procedure, call }, at) => ({
    kind: 'step',
    label: labelText(`${task} ${label}`),
    description: text,
    tooltip: `${label} of ${procedure}\n${text}\n${task}: ${call}`,
    spoken: `Step ${at + 1} of ${steps.length}, ${task}, ${label}, ${text}`,
    ...{ race: parent.race, order: parent.order, line: null, parent },
  }));
}

/** Whether there is something below an item. */
export function hasChildren({ kind, order }: OutcomeItem): boolean {
  return kind === 'race' || (kind !== 'step' && order !== null);
}
