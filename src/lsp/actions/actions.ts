import {
  type CodeAction,
  type CodeActionContext,
  LSPErrorCodes,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { type Span, type Statement, statementOf, type TextEdit } from '../../language';
import { elementAt } from '../../simulator';
import type { Abilities } from '../abilities';
import { machineAt, reached, statesAround, within } from '../background-run/background-run';
import { toLsp } from '../diagnostics';
import type { ScenarioDocument } from '../documents';
import { type Finding, findingsOf } from '../findings';
import { rangeOf, statementAt } from '../positions';
import { PATIENCE } from '../races/patience';
import { acceptanceFixes, expectationRefactorings, isWholeFile, wholeFileEdits } from './accept';
import { alignmentFixes, pageSizeFixes } from './align';
import { constantFixes, fileFixes, slotFixes } from './create';
import { type Fix, type FixableFinding, type FixKind, type OrderEdit, quickFix, type WholeFile } from './fix';
import { layoutFixes } from './layout-fixes';
import { constantRefactorings, numberRefactorings } from './numbers';
import { isOrderEdit, orderChange, orderFixes } from './orders';

/** Code actions: quick fixes for diagnostics, and refactorings. */

/** Each returns fixes for the findings it handles. */
const QUICK_FIXES: readonly ((problem: FixableFinding) => readonly Fix[])[] = [
  acceptanceFixes,
  alignmentFixes,
  pageSizeFixes,
  layoutFixes,
  fileFixes,
  slotFixes,
  constantFixes,
];

function problemOf(scenario: ScenarioDocument, finding: Finding): FixableFinding | null {
  const { diagnostic, shown } = finding;
  if (shown !== null) {
    const { run, remark } = shown;
    const { statement } = elementAt(run.program.statements, remark.index);
    return { scenario, finding, statement, before: machineAt(run, remark.index) };
  }
  const { document, byOwner } = scenario.analysis();
  const statement = statementOf(document, byOwner, diagnostic);
  if (statement === null) return null;
  return { scenario, finding, statement, before: statesAround(scenario.backgroundRun(), statement).before };
}

/** The fix for a "did you mean" hint. */
function suggestionFixes({ diagnostic: { data, span } }: Finding): readonly Fix[] {
  const newText = data?.replacement;
  if (newText === undefined) return [];
  return [quickFix(`Change to \`${newText}\``, [{ span, newText }], true)];
}

function fixesOf(scenario: ScenarioDocument, finding: Finding, abilities: Abilities): readonly Fix[] {
  if (finding.failed !== undefined) return orderFixes(scenario, finding, abilities);
  const problem = problemOf(scenario, finding);
  const more = problem === null ? [] : QUICK_FIXES.flatMap((make) => make(problem));
  return [...suggestionFixes(finding), ...more];
}

function numberAt({ numbers }: Statement, { start, end }: Span) {
  return Object.values(numbers).find(({ span }) => span.start <= start && end <= span.end);
}

function refactoringsOf(scenario: ScenarioDocument, span: Span): readonly Fix[] {
  const analysis = scenario.analysis();
  const statement = statementAt(analysis, span.start);
  if (statement === null || span.end > statement.span.end) return [];
  const expectations = expectationRefactorings(scenario, statement);
  const node = statement.wellFormed ? numberAt(statement, span) : undefined;
  if (node === undefined) return expectations;
  return [
    ...numberRefactorings(analysis, statement, node),
    ...constantRefactorings(analysis, statement, node),
    ...expectations,
  ];
}

function workspaceEdit({ document }: ScenarioDocument, edits: readonly TextEdit[]): WorkspaceEdit {
  const changes = edits.map(({ span, newText }) => ({ range: rangeOf(document, span), newText }));
  return { changes: { [document.uri]: changes } };
}

function changed(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed meanwhile');
}

/** The data that an editor sends back to resolve an action. */
interface ActionData {
  readonly uri: string;
  readonly version: number;
  readonly name: WholeFile | OrderEdit;
}

/** The edit of an action that is computed when it is chosen. */
async function laterEdit(scenario: ScenarioDocument, name: WholeFile | OrderEdit): Promise<WorkspaceEdit> {
  if (typeof name === 'string') return workspaceEdit(scenario, wholeFileEdits(scenario, name).edits);
  const change = await orderChange(scenario, name);
  if (change === null) throw changed();
  if (change.kind === 'edits') return workspaceEdit(scenario, change.edits);
  const { uri, text: newText } = change;
  const start = { line: 0, character: 0 };
  return {
    documentChanges: [
      { kind: 'create', uri },
      { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText }] },
    ],
  };
}

async function toAction(
  scenario: ScenarioDocument,
  { title, kind, edits, preferred, disabled, command }: Fix,
  { resolvesEdits }: Abilities,
): Promise<CodeAction> {
  const { uri, version } = scenario.document;
  const action: CodeAction = { title, kind, ...(preferred === true ? { isPreferred: true } : {}) };
  if (disabled !== undefined) return { ...action, disabled: { reason: disabled } };
  if (command !== undefined) {
    return { ...action, command: { title, command: command.command, arguments: [...command.arguments] } };
  }
  if (Array.isArray(edits)) return { ...action, edit: workspaceEdit(scenario, edits) };
  const name = edits as WholeFile | OrderEdit;
  if (resolvesEdits) return { ...action, data: { uri, version, name } satisfies ActionData };
  return { ...action, edit: await laterEdit(scenario, name) };
}

function isWanted(kind: FixKind, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`));
}

function touches(span: Span, { start, end }: Span): boolean {
  return span.start <= end && span.end >= start;
}

/** Whether a finding is at the span. Expectations can be updated from anywhere in the statement. */
function isAt({ diagnostic, shown }: Finding, span: Span): boolean {
  if (shown?.remark.kind !== 'failed-expectation') return touches(diagnostic.span, span);
  return touches(elementAt(shown.run.program.statements, shown.remark.index).statement.span, span);
}

/** The code actions at a span. Fixes come before refactorings. */
export async function codeActionsIn(
  scenario: ScenarioDocument,
  span: Span,
  { only }: Partial<CodeActionContext>,
  abilities: Abilities,
): Promise<CodeAction[]> {
  const statement = statementAt(scenario.analysis(), span.start);
  if (statement !== null) await reached(scenario.backgroundRun(), statement);
  await within(scenario.explorations().finished, PATIENCE);
  if (scenario.isTooLong || scenario.isOutdated()) return [];
  const findings = isWanted('quickfix', only)
    ? findingsOf(scenario).filter((finding) => isAt(finding, span))
    : [];
  const fixes = findings.flatMap((finding) =>
    fixesOf(scenario, finding, abilities).map((fix) => ({
      fix,
      more: { diagnostics: [toLsp(scenario.document, finding.diagnostic)] },
    })),
  );
  const refactorings = refactoringsOf(scenario, span).map((fix) => ({ fix, more: {} }));
  const seen = new Set<string>();
  const offered = [...fixes, ...refactorings]
    .filter(({ fix }) => isWanted(fix.kind, only))
    .filter(({ fix }) => abilities.showsDisabled || fix.disabled === undefined)
    .filter(({ fix: { title } }) => !seen.has(title) && seen.add(title));
  return Promise.all(
    offered.map(async ({ fix, more }) => ({ ...(await toAction(scenario, fix, abilities)), ...more })),
  );
}

/**
 * Resolves the edit of an action; actions of other servers are returned unchanged.
 * @throws ResponseError if the document has changed since the action was offered.
 */
export async function resolveAction(
  action: CodeAction,
  find: (uri: string) => ScenarioDocument | undefined,
): Promise<CodeAction> {
  const { uri, version, name }: Partial<ActionData> = action.data ?? {};
  if (typeof uri !== 'string' || !(isWholeFile(name) || isOrderEdit(name))) return action;
  const scenario = find(uri);
  if (scenario?.document.version !== version || scenario === undefined) throw changed();
  await scenario.backgroundRun().finished;
  return { ...action, edit: await laterEdit(scenario, name) };
}
