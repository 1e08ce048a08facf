import type { LineOutcome, OutcomesBody, Tone } from '../dap';
import { lastOf } from '../simulator';
/** The text shown after a line. */
export interface LineText {
  readonly line0: number;
  readonly text: string;
  /** Markdown. */
  readonly hover: string;
  readonly tone: Tone;
}

/**
 * One text for each line. What a slot just lost replaces the outcome of its own statement, which moves to the hover:
 * the loss is new and disappears with the next step.
 */
export function lineTexts(outcomes: readonly LineOutcome[], maxLength: number): readonly LineText[] {
  const byLine = new Map<number, LineOutcome[]>();
  for (const outcome of outcomes) {
    byLine.set(outcome.line0, [...(byLine.get(outcome.line0) ?? []), outcome]);
  }
  return [...byLine].map(([line0, ofLine]) => {
    const shown = ofLine.findLast(({ kind }) => kind === 'slot') ?? lastOf(ofLine);
    const others = ofLine.filter((outcome) => outcome !== shown);
    return {
      line0,
      text: inlineText(shown.text, maxLength),
      hover: [shown, ...others].map(({ hover }) => hover).join('\n\n---\n\n'),
      tone: shown.tone,
    };
  });
}

/**
 * The text cut to `maxLength` characters, at a `·` between two parts if one is close enough. Spaces become unbreakable:
 * the editor would collapse several into one and drop one at the end.
 */
export function inlineText(text: string, maxLength: number): string {
  return cut(text, maxLength).replaceAll(' ', '\u00a0');
}

function cut(text: string, maxLength: number): string {
  const characters = [...text];
  if (characters.length <= maxLength) return text;
  const kept = characters.slice(0, maxLength - 1).join('');
  const lastPart = kept.lastIndexOf(' · ');
  return lastPart > maxLength / 2 ? `${kept.slice(0, lastPart)} · …` : `${kept.trimEnd()}…`;
}

/** The outcomes in an event's body; undefined if it is malformed. */
export function readOutcomes(body: unknown): OutcomesBody | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { uri, run, branch, race, keep, outcomes } = body as Partial<OutcomesBody>;
  return typeof uri === 'string' &&
    typeof run === 'number' &&
    typeof keep === 'number' &&
    Array.isArray(outcomes)
    ? { uri, run, branch: branch === true, ...(race === true ? { race } : {}), keep, outcomes }
    : undefined;
}
