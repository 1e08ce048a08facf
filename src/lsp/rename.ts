import {
  ErrorCodes,
  LSPErrorCodes,
  type PrepareRenameResult,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { type Refusal, renameableAt, renamingEdits } from '../language';
import type { ScenarioDocument } from './documents';
import { rangeOf } from './positions';

/** Renames files, slots and constants; refusals are errors with the reason. */

function refuse({ refusal }: Refusal): never {
  throw new ResponseError(LSPErrorCodes.RequestFailed, refusal);
}

/** The range and current name of what would be renamed; null if there is none. */
export function prepareRename(scenario: ScenarioDocument, offset: number): PrepareRenameResult | null {
  const place = renameableAt(scenario.analysis(), offset);
  if (place === null) return null;
  if ('refusal' in place) return refuse(place);
  const { start, end } = place.span;
  const placeholder = scenario.document.getText().slice(start, end);
  return { range: rangeOf(scenario.document, place.span), placeholder };
}

export function rename(scenario: ScenarioDocument, offset: number, newName: unknown): WorkspaceEdit | null {
  if (typeof newName !== 'string') {
    throw new ResponseError(ErrorCodes.InvalidParams, 'the request gives no new name (newName)');
  }
  const result = renamingEdits(scenario.analysis(), offset, newName);
  if (result === null) return null;
  if ('refusal' in result) return refuse(result);
  const { document } = scenario;
  const changes = result.edits.map(({ span, newText }) => ({ range: rangeOf(document, span), newText }));
  return { changes: { [document.uri]: changes } };
}
