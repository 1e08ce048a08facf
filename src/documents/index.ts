/** Documents with scenarios in them: finds the scenarios, checks what the document shows and updates it. */
/** Documents with scenarios in them: finds the scenarios, checks what the document shows and updates it. */
import { findInMarkdown } from './markdown';
import type { FindParts } from './parts';
import { findInRestructuredText } from './restructured-text';

const BY_EXTENSION: Readonly<Record<string, FindParts>> = {
  md: findInMarkdown,
  markdown: findInMarkdown,
  rst: findInRestructuredText,
  txt: findInRestructuredText,
};
/** The parser for a document, by the suffix of its name; null for other documents. */
export function findPartsOf(file: string): FindParts | null {
  const extension = file.slice(file.lastIndexOf('.') + 1).toLowerCase();
  return BY_EXTENSION[extension] ?? null;
}
export { checkDocument } from './check';
export type { CheckedDocument, Finding, RefusedFile, Surroundings } from './checking';
export { findingText } from './finding-text';
export { applyLines, wholeLineEdits } from './lines';
export { findInMarkdown } from './markdown';
export type { CodeBlock, FindParts } from './parts';
export { type ShownScenario, scenariosOf } from './scenarios';
export { annotatedLines, type Source } from './sources';
