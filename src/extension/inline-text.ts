/** What one line of a scenario says about the statements run so far; body of the event `gmemscope/outcomes`. */
export interface LineOutcome {
  /** Line in the document, from 0. */
  line0: number;
  text: string;
  /** Markdown: the whole outcome. */
  hover: string;
  /** The statement failed, or left the guest for userspace. */
  failed: boolean;
  /** A statement's own line, or the line of a slot that another statement took mappings from. */
  kind: 'statement' | 'slot';
}

/** Colour of an inline text, one for each kind of news. */
export type InlineColour =
  | 'gmemscope.inlineDoneForeground'
  | 'gmemscope.inlineZappedForeground'
  | 'gmemscope.inlineRefusedForeground';

export function inlineColour({ failed, kind, text }: LineOutcome): InlineColour {
  if (failed) return 'gmemscope.inlineRefusedForeground';
  const lost = kind === 'slot' || text.startsWith('zapped');
  return lost ? 'gmemscope.inlineZappedForeground' : 'gmemscope.inlineDoneForeground';
}

/**
 * The text cut to `maxLength` characters, at a `·` between two parts where one is not too far back. Spaces are made
 * unbreakable: the editor would show several as one, and drop one at the end.
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

/** The outcomes in an event's body; undefined where it is not one that this extension knows. */
export function readOutcomesEvent(
  body: unknown,
): { uri: string; outcomes: readonly LineOutcome[] } | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { uri, outcomes } = body as { uri?: unknown; outcomes?: unknown };
  return typeof uri === 'string' && Array.isArray(outcomes) ? { uri, outcomes } : undefined;
}
