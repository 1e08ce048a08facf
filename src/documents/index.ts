/** Documents that show scenarios: finding them, checking what is shown, and bringing it up to date. */
import { findInMarkdown } from './markdown';
import type { FindParts } from './parts';
import { findInRestructuredText } from './restructured-text';

export { checkDocument } from './check';
export type { CheckedDocument, Finding, Refusal, Surroundings } from './checking';
export { findingText } from './finding-text';
export { applyLines } from './lines';
export type { CodeBlock, FindParts } from './parts';
export { type ShownScenario, scenariosOf } from './scenarios';
export { annotatedLines, type Source } from './sources';

const BY_EXTENSION: Readonly<Record<string, FindParts>> = {
  md: findInMarkdown,
  markdown: findInMarkdown,
  rst: findInRestructuredText,
  txt: findInRestructuredText,
};

/** How the parts of a document are found, by the ending of its name; null for other documents. */
export function findPartsOf(file: string): FindParts | null {
  const extension = file.slice(file.lastIndexOf('.') + 1).toLowerCase();
  return BY_EXTENSION[extension] ?? null;
}
