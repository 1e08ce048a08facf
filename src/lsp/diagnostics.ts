import { DiagnosticSeverity, type Diagnostic as LspDiagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic, Severity } from '../language';
import { LONGEST_TEXT, type ScenarioDocument } from './documents';
import { findingsOf } from './findings';
import { rangeOf } from './positions';
import { isOver, within } from './rehearsal/rehearsal';

/** Diagnostics: what the language says of a text, and what running it has shown. */

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

/** What there is to say now; more may follow while the rehearsal is on its way. */
export function diagnosticsOf(scenario: ScenarioDocument): LspDiagnostic[] {
  const { document, isTooLong } = scenario;
  if (isTooLong) {
    const limit = `${LONGEST_TEXT / 1024 / 1024} MiB`;
    const message = `the text is longer than ${limit}: it is not checked while typing`;
    const span = { start: 0, end: 0 };
    return [toLsp(document, { code: 'G205', severity: 'information', span, message })];
  }
  return findingsOf(scenario).map(({ diagnostic }) => toLsp(document, diagnostic));
}

/** Milliseconds after which there is word of a rehearsal that takes long. */
const NEWS = 2000;

/** Gives diagnostics to `publish`: at once, from time to time, and when the rehearsal has come to its end. */
export async function diagnose(
  scenario: ScenarioDocument,
  publish: (diagnostics: LspDiagnostic[]) => void,
): Promise<void> {
  publish(diagnosticsOf(scenario));
  if (scenario.isTooLong) return;
  const rehearsal = scenario.rehearsal();
  while (!isOver(rehearsal)) {
    await within(rehearsal.finished, NEWS);
    if (scenario.isOutdated()) return;
    publish(diagnosticsOf(scenario));
  }
}
