import type { Position, Range } from 'vscode-languageserver';
import type { ShownScenario } from '../../documents';
import type { ScenarioDocument } from '../documents';

/** A scenario in a document, and the way between the places of both. */
export interface Fence {
  readonly shown: ShownScenario;
  /** Its statements behind those that it comes after, as a document of its own. */
  readonly scenario: ScenarioDocument;
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** Lines of the document that it has. */
function lineCount({ text }: ShownScenario): number {
  return text === '' || text.endsWith('\n') ? linesIn(text) : linesIn(text) + 1;
}

/** Whether a line of the document is one of the scenario's own. */
export function hasLine({ shown }: Fence, line: number): boolean {
  return line >= shown.start && line < shown.start + lineCount(shown);
}

/** A place of the document in the scenario; what stands before a line counts as its beginning. */
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
  // What is wrong with the end of the text is so on its last line.
  if (own > last) {
    const end = (shown.text.split('\n')[last] ?? '').length + (shown.indents[last] ?? 0);
    return { line: shown.start + Math.max(0, last), character: end };
  }
  return { line: shown.start + own, character: character + (shown.indents[own] ?? 0) };
}

/** A range of the scenario in the document; null where it begins among the statements that it comes after. */
export function toOuter(fence: Fence, { start, end }: Range): Range | null {
  const from = placeInDocument(fence, start);
  const to = placeInDocument(fence, end);
  return from === null || to === null ? null : { start: from, end: to };
}
