import { DiagnosticSeverity, type Diagnostic as LspDiagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  Diagnostic,
  DiagnosticCode,
  Program,
  RelatedSpan,
  Severity,
  Span,
  Statement,
} from '../language';
import type { Refusal } from '../simulator/events';
import { LONGEST_TEXT, type Scenario } from './documents';
import { rangeOf } from './positions';
import { isOver, type Rehearsal, type ScenarioRun } from './rehearsal';
import type { Remark } from './remarks';

/** Diagnostics: what the language says of a text, and what running it has shown. */

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

const SOURCE = 'gmem';

function toLsp(document: TextDocument, diagnostic: Diagnostic): LspDiagnostic {
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

/** The arguments that are to blame, by name; the statement as a whole where none is. */
const BLAMED: Readonly<Partial<Record<Refusal, readonly string[]>>> = {
  'size-unaligned': ['size'],
  'size-zero': ['size'],
  'gmem-size': ['size'],
  'slot-too-large': ['size'],
  'gpa-unaligned': ['gpa'],
  'gfn-above-limit': ['gpa', 'size'],
  'slot-overlap': ['gpa', 'size'],
  'offset-unaligned': ['offset'],
  'offset-negative': ['offset'],
  'binding-outside-file': ['file', 'offset'],
  'binding-overlap': ['file', 'offset'],
  'beyond-file': ['offset', 'size'],
  'bad-descriptor': ['file'],
  'slot-id': ['slot'],
  'foreign-file': ['file'],
  'launch-needs-gmem': ['gpa'],
  'launch-needs-private': ['gpa', 'size'],
  'rmp-assigned': ['gpa', 'size'],
  'no-page': ['offset'],
};

function blamedSpan(statement: Statement, reason: Refusal | null): Span {
  const names = reason === null ? [] : (BLAMED[reason] ?? []);
  const spans = names.flatMap((name) => (statement.numbers[name] ?? statement.names[name])?.span ?? []);
  if (spans.length === 0) return statement.span;
  return {
    start: Math.min(...spans.map(({ start }) => start)),
    end: Math.max(...spans.map(({ end }) => end)),
  };
}

/** Refusals that follow from a statement above that could not be run because of its own errors. */
const CONSEQUENCES: ReadonlySet<Refusal | null> = new Set([
  'bad-descriptor',
  'unknown-slot',
  'no-memory-for-slot',
]);

const REMARK_CODES: Readonly<Record<Remark['kind'], DiagnosticCode>> = {
  refused: 'G201',
  livelock: 'G202',
  warn: 'G203',
  unmet: 'G206',
};

function isConsequence({ reason, index }: Remark, { statements, errors }: Program): boolean {
  const { start } = statements[index]!.statement.span;
  return CONSEQUENCES.has(reason) && errors.some(({ span }) => span.start < start);
}

function remarkDiagnostic(
  { kind, index, message, reason, other }: Remark,
  { statements }: Program,
): Diagnostic {
  const { statement } = statements[index]!;
  const related: RelatedSpan[] =
    other === null ? [] : [{ span: statements[other.index]!.statement.span, message: `slot ${other.slot}` }];
  return {
    code: REMARK_CODES[kind],
    severity: kind === 'unmet' ? 'error' : 'warning',
    span: kind === 'unmet' ? (statement.outcome?.span ?? statement.span) : blamedSpan(statement, reason),
    message,
    related,
  };
}

/** Says from where on the scenario was not run, if it was not run to its end. */
function stopDiagnostic({ program, states, stopped, failure }: ScenarioRun): Diagnostic[] {
  const first = program.statements[states.length - 1];
  if (first === undefined || (stopped !== 'budget' && stopped !== 'failed')) return [];
  const message =
    stopped === 'budget'
      ? 'from here on nothing is checked against KVM while typing: running the scenario so far takes long'
      : `the simulator cannot run this: ${failure}`;
  return [{ code: 'G204', severity: 'information', span: first.statement.keywordSpan, message }];
}

function runDiagnostics(run: ScenarioRun): Diagnostic[] {
  const { program, remarks } = run;
  const told = remarks.filter((remark) => !isConsequence(remark, program));
  return [...told.map((remark) => remarkDiagnostic(remark, program)), ...stopDiagnostic(run)];
}

/** What is the same in several scenarios, because they share the statement, is said once. */
function rehearsalDiagnostics({ runs }: Rehearsal): Diagnostic[] {
  const seen = new Set<string>();
  return runs.flatMap(runDiagnostics).filter(({ code, span, message }) => {
    const key = `${code} ${span.start} ${message}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

/** What there is to say now; more may follow while the rehearsal is on its way. */
export function diagnosticsOf(scenario: Scenario): LspDiagnostic[] {
  const { document, isTooLong } = scenario;
  if (isTooLong) {
    const limit = `${LONGEST_TEXT / 1024 / 1024} MiB`;
    const message = `the text is longer than ${limit}: it is not checked while typing`;
    const span = { start: 0, end: 0 };
    return [toLsp(document, { code: 'G205', severity: 'information', span, message })];
  }
  const all = [...scenario.analysis().diagnostics, ...rehearsalDiagnostics(scenario.rehearsal())];
  return all.sort((a, b) => a.span.start - b.span.start).map((diagnostic) => toLsp(document, diagnostic));
}

/** Gives diagnostics to `publish`: at once, and again when the rehearsal has come to its end. */
export async function diagnose(
  scenario: Scenario,
  publish: (diagnostics: LspDiagnostic[]) => void,
): Promise<void> {
  publish(diagnosticsOf(scenario));
  if (scenario.isTooLong || isOver(scenario.rehearsal())) return;
  await scenario.rehearsal().finished;
  if (!scenario.isOutdated()) publish(diagnosticsOf(scenario));
}
