import { type DocumentHighlight, DocumentHighlightKind, type Location } from 'vscode-languageserver';
import { type Occurrence, occurrenceAt, placesOf, type ScenarioSymbol } from '../language';
import type { ScenarioDocument } from './documents';
import { rangeOf } from './positions';

/** Definitions, references and highlights of files, slots and constants. */

function symbolAt({ analysis }: ScenarioDocument, offset: number): ScenarioSymbol | null {
  return occurrenceAt(analysis().symbols, offset)?.symbol ?? null;
}

function location({ document }: ScenarioDocument, { span }: Occurrence): Location {
  return { uri: document.uri, range: rangeOf(document, span) };
}

export function definitionAt(scenario: ScenarioDocument, offset: number): Location | null {
  const definition = symbolAt(scenario, offset)?.definition;
  return definition ? location(scenario, definition) : null;
}

export function referencesAt(
  scenario: ScenarioDocument,
  offset: number,
  withDefinition: boolean,
): Location[] {
  const symbol = symbolAt(scenario, offset);
  if (symbol === null) return [];
  const places = withDefinition ? placesOf(symbol) : symbol.references;
  return places.map((occurrence) => location(scenario, occurrence));
}

export function highlightsAt(scenario: ScenarioDocument, offset: number): DocumentHighlight[] {
  const symbol = symbolAt(scenario, offset);
  if (symbol === null) return [];
  return placesOf(symbol).map(({ span, creates }) => ({
    range: rangeOf(scenario.document, span),
    kind: creates ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}
