import type { Position, Range } from 'vscode-languageserver';
import type { ShownScenario } from '../../documents';
import type { ScenarioDocument } from '../documents';

/** A scenario in a document, and the mapping between positions of both. */
export interface Fence {
  readonly shown: ShownScenario;
  /** Its statements, after those of the scenarios it continues, as a separate document. */
  readonly scenario: ScenarioDocument;
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** The lines of the document that belong to it. */
function lineCount({ text }: ShownScenario): number {
  return text === '' || text.endsWith('\n') ? linesIn(text) : linesIn(text) + 1;
}

/** Whether a line of the document belongs to the scenario. */
export function hasLine({ shown }: Fence, line: number): boolean {
  return line >= shown.start && line < shown.start + lineCount(shown);
}

/** Maps a position of the document to the scenario; indentation maps to the start of the line. */
export function toInner({ shown }: Fence, { line, character }: Position): Position {
  const own = line - shown.start;
  return {
    line: linesIn(shown.before) + own,
    character: Math.max(0, character - (shown.indents[own] ?? 0)),
  };
}

function placeInDocument({ shown }: Fence, { line, character }: Position): Position | null {
  const own = line - linesIn(shown.before);
  if (own < 0) return null;
  const last = lineCount(shown) - 1;
  // Findings at the end of the text are reported on its last line.
  if (own > last) {
    const end = (shown.text.split('\n')[last] ?? '').length + (shown.indents[last] ?? 0);
    return { line: shown.start + Math.max(0, last), character: end };
  }
  return { line: shown.start + own, character: character + (shown.indents[own] ?? 0) };
}

/** Maps a range of the scenario to the document; null if it begins in the statements that the scenario continues. */
export function toOuter(fence: Fence, { start, end }: Range): Range | null {
  const from = placeInDocument(fence, start);
  const to = placeInDocument(fence, end);
  return from === null || to === null ? null : { start: from, end: to };
}
