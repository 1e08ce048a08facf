import { ErrorCodes, ResponseError, type SelectionRange } from 'vscode-languageserver';
import { enclosingSpans } from '../language';
import { lastOf } from '../simulator';
import type { ScenarioDocument } from './documents';
import { rangeOf } from './positions';
import { offsetOf } from './session';

/** Selection ranges: from the word to the value, the argument, the statement, the block and the file. */
export function selectionRanges(scenario: ScenarioDocument, positions: unknown): SelectionRange[] {
  const { document, analysis } = scenario;
  if (!Array.isArray(positions)) {
    throw new ResponseError(ErrorCodes.InvalidParams, 'the request names no places (positions)');
  }
  return positions.map((position) => {
    const spans = enclosingSpans(analysis().document, offsetOf(scenario, position));
    const outermost: SelectionRange = { range: rangeOf(document, lastOf(spans)) };
    return spans
      .slice(0, -1)
      .reduceRight<SelectionRange>((parent, span) => ({ range: rangeOf(document, span), parent }), outermost);
  });
}
