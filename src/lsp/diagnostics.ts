import { DiagnosticSeverity, type Diagnostic as LspDiagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic, Severity } from '../language';
import { isOver, within } from './background-run/background-run';
import { LONGEST_TEXT, type ScenarioDocument } from './documents';
import { findingsOf } from './findings';
import { rangeOf } from './positions';
import { isExplored } from './races/exploration';

/** Publishes static and runtime diagnostics. */

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

const SOURCE = 'gmem';

export function toLsp(document: TextDocument, diagnostic: Diagnostic): LspDiagnostic {
  const { code, severity, span, message, related = [], data } = diagnostic;
  return {
    range: rangeOf(document, span),
    severity: SEVERITIES[severity],
    code,
    source: SOURCE,
    message,
    ...(data === undefined ? {} : { data }),
    relatedInformation: related.map((place) => ({
      location: { uri: document.uri, range: rangeOf(document, place.span) },
      message: place.message,
    })),
  };
}

/** The current diagnostics; a background run in progress may add more. */
export function diagnosticsOf(scenario: ScenarioDocument): LspDiagnostic[] {
  const { document, isTooLong } = scenario;
  if (isTooLong) {
    const limit = `${LONGEST_TEXT / 1024 / 1024} MiB`;
    const message = `the text is longer than ${limit}: it is not checked while you type`;
    const span = { start: 0, end: 0 };
    return [toLsp(document, { code: 'G205', severity: 'information', span, message })];
  }
  return findingsOf(scenario).map(({ diagnostic }) => toLsp(document, diagnostic));
}

/** Interval in milliseconds at which diagnostics are published during a long background run. */
const INTERVAL = 2000;

/** Publishes diagnostics at once, at intervals, and at the ends of the background run and of the search of its races. */
export async function diagnose(
  scenario: ScenarioDocument,
  publish: (diagnostics: LspDiagnostic[]) => void,
): Promise<void> {
  await scenario.analysed();
  if (scenario.isOutdated()) return;
  publish(diagnosticsOf(scenario));
  if (scenario.isTooLong) return;
  const backgroundRun = scenario.backgroundRun();
  while (!isOver(backgroundRun)) {
    await within(backgroundRun.finished, INTERVAL);
    if (scenario.isOutdated()) return;
    publish(diagnosticsOf(scenario));
  }
  const explorations = scenario.explorations();
  while (!isExplored(explorations)) {
    await within(explorations.finished, INTERVAL);
    if (scenario.isOutdated()) return;
    publish(diagnosticsOf(scenario));
  }
}
