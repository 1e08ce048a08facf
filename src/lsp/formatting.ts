import type { TextEdit } from 'vscode-languageserver';
import { formattingEdits, type Layout, type Span } from '../language';
import type { ScenarioDocument } from './documents';
import { rangeOf } from './positions';

/** The edits that format a document, or the rows of it that a span touches. */
export function formatted(
  { document, analysis, isTooLong }: ScenarioDocument,
  layout: Layout,
  within?: Span,
): TextEdit[] {
  if (isTooLong) return [];
  return formattingEdits(analysis().document, layout, within).map(({ span, newText }) => ({
    range: rangeOf(document, span),
    newText,
  }));
}
