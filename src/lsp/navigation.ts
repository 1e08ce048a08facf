import { type DocumentHighlight, DocumentHighlightKind, type Location } from 'vscode-languageserver';
import { type Occurrence, occurrenceAt, placesOf, type ScenarioSymbol } from '../language';
import type { Scenario } from './documents';
import { rangeOf } from './positions';

/** From files and slots to where they are made, and to where they are used. */

function symbolAt({ analysis }: Scenario, offset: number): ScenarioSymbol | null {
  return occurrenceAt(analysis().symbols, offset)?.symbol ?? null;
}

function location({ document }: Scenario, { span }: Occurrence): Location {
  return { uri: document.uri, range: rangeOf(document, span) };
}

export function definitionAt(scenario: Scenario, offset: number): Location | null {
  const definition = symbolAt(scenario, offset)?.definition;
  return definition ? location(scenario, definition) : null;
}

export function referencesAt(scenario: Scenario, offset: number, withDefinition: boolean): Location[] {
  const symbol = symbolAt(scenario, offset);
  if (symbol === null) return [];
  const places = withDefinition ? placesOf(symbol) : symbol.references;
  return places.map((occurrence) => location(scenario, occurrence));
}

export function highlightsAt(scenario: Scenario, offset: number): DocumentHighlight[] {
  const symbol = symbolAt(scenario, offset);
  if (symbol === null) return [];
  return placesOf(symbol).map(({ span, creates }) => ({
    range: rangeOf(scenario.document, span),
    kind: creates ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}
