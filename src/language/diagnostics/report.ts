import type { DiagnosticsByOwner, Document, Owner, Span, Statement } from '../tree/tree';
import type { Diagnostic, DiagnosticCode, DiagnosticData, RelatedSpan } from './diagnostics';

/** Collects diagnostics, and the owner of each. */

export interface Report {
  readonly diagnostics: Diagnostic[];
  readonly byOwner: Map<Owner, Diagnostic[]>;
}

export function createReport(): Report {
  return { diagnostics: [], byOwner: new Map() };
}

interface More {
  readonly related?: readonly RelatedSpan[];
  readonly data?: DiagnosticData;
}

/** Adds a syntax error; `assign` sets its owner once that has been parsed. */
export function reportSyntax(
  { diagnostics }: Report,
  code: DiagnosticCode,
  span: Span,
  message: string,
  more: More,
): Diagnostic {
  const diagnostic: Diagnostic = { code, severity: 'error', span, message, ...more };
  diagnostics.push(diagnostic);
  return diagnostic;
}

/** Sets the owner of diagnostics that were reported before. */
export function assign({ byOwner }: Report, owner: Owner, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length === 0) return;
  const before = byOwner.get(owner);
  if (before === undefined) byOwner.set(owner, [...diagnostics]);
  else before.push(...diagnostics);
}

/** Adds an error: the call or the expectations that own it cannot be used. */
export function reportError(
  report: Report,
  owner: Owner,
  code: DiagnosticCode,
  span: Span,
  message: string,
  more: More = {},
): void {
  assign(report, owner, [reportSyntax(report, code, span, message, more)]);
}

/** Adds a warning: the statement runs, but may not do what the author intended. */
export function reportWarning(
  report: Report,
  owner: Owner,
  code: DiagnosticCode,
  span: Span,
  message: string,
  more: More = {},
): void {
  const diagnostic: Diagnostic = { code, severity: 'warning', span, message, ...more };
  report.diagnostics.push(diagnostic);
  assign(report, owner, [diagnostic]);
}

/** The statement that owns a diagnostic, directly or through its expectations; null if it is on skipped text. */
export function statementOf(
  { statements }: Document,
  byOwner: DiagnosticsByOwner,
  diagnostic: Diagnostic,
): Statement | null {
  const has = (owner: Owner | null) => owner !== null && byOwner.get(owner)?.includes(diagnostic) === true;
  return statements.find((statement) => has(statement) || has(statement.expectation)) ?? null;
}

function joined(left: DiagnosticsByOwner, right: DiagnosticsByOwner): DiagnosticsByOwner {
  const all = new Map(left);
  for (const [owner, diagnostics] of right) all.set(owner, [...(all.get(owner) ?? []), ...diagnostics]);
  return all;
}

/** Diagnostics with their owners. */
export type Reported = Pick<Document, 'diagnostics' | 'byOwner'>;

/** All diagnostics of both, in the order of the text. */
export function merge(left: Reported, right: Reported): Reported {
  return {
    diagnostics: [...left.diagnostics, ...right.diagnostics].sort((a, b) => a.span.start - b.span.start),
    byOwner: joined(left.byOwner, right.byOwner),
  };
}
