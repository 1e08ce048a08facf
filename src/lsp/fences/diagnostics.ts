import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { type CheckedDocument, checkDocument, type Finding } from '../../documents';
import { capped } from '../../language';
import { diagnosticsOf, toLsp } from '../diagnostics';
import type { ScenarioDocument } from '../documents';
import { once } from '../once';
import type { Fenced } from './documents';
import { type Fence, toOuter } from './fence';

/** Diagnostics of the scenarios in a document, and of outdated content it shows. */

const SOURCE = 'gmem';

/** Diagnostic code of outdated content in a document. */
export const OUTDATED = 'outdated';

/** Milliseconds for running all scenarios of a document; the rest are only parsed. */
const TOTAL = 5000;

/** Maximum cost in milliseconds of rerunning scenarios to check whether the shown content is up to date. */
const AGAIN = 500;

/** Milliseconds after which known diagnostics are published while scenarios still run. */
const EARLY = 200;

/** Milliseconds after which control is yielded. */
const SLICE = 15;

/** Static diagnostics of a scenario, and runtime diagnostics if it has been run. */
function scenarioDiagnostics({ shown, scenario }: Fence, hasRun: boolean): readonly Diagnostic[] {
  if (hasRun) return diagnosticsOf(scenario);
  const { diagnostics, document } = scenario.analysis();
  const told = shown.fragment ? document.diagnostics : diagnostics;
  return capped(told).map((diagnostic) => toLsp(scenario.document, diagnostic));
}

/** Diagnostics mapped to the document; those of preceding scenarios are reported there. */
function fenceDiagnostics(fence: Fence, uri: string): readonly Diagnostic[] {
  return scenarioDiagnostics(fence, costs.has(fence.scenario) && !fence.shown.fragment).flatMap(
    (diagnostic) => {
      const range = toOuter(fence, diagnostic.range);
      if (range === null) return [];
      const relatedInformation = (diagnostic.relatedInformation ?? []).flatMap(({ location, message }) => {
        const place = toOuter(fence, location.range);
        return place === null ? [] : [{ location: { uri, range: place }, message }];
      });
      return [{ ...diagnostic, range, relatedInformation }];
    },
  );
}

/** Milliseconds that each scenario took to run; only for those that ran. */
const costs = new WeakMap<ScenarioDocument, number>();

/** Whether all scenarios ran to the end, fast enough to rerun them. */
function mayRunAgain(fences: readonly Fence[]): boolean {
  const run = fences.filter(({ shown }) => !shown.fragment).map(({ scenario }) => scenario);
  const total = run.reduce((sum, scenario) => sum + (costs.get(scenario) ?? Number.POSITIVE_INFINITY), 0);
  return (
    total < AGAIN && run.every((one) => one.backgroundRun().runs.every(({ stopped }) => stopped === null))
  );
}

const checkedDocuments = new WeakMap<Fenced, () => CheckedDocument | null>();

/** The outdated content of the document; null if checking would take too long. Files are not read. */
export function checkedOf(fenced: Fenced): CheckedDocument | null {
  const known =
    checkedDocuments.get(fenced) ??
    once(() => {
      const fences = fenced.fences();
      if (fences.length === 0 || !mayRunAgain(fences)) return null;
      return checkDocument(fenced.document.getText(), { findParts: fenced.findParts, readFile: null });
    });
  checkedDocuments.set(fenced, known);
  return known();
}

function outdatedMessage({ what, expected, actual }: Finding): string {
  const so = actual.join('\n');
  if (expected.length === 0 && actual.length === 1) return `${what}: ${so}`;
  return `${what}: the document says\n${expected.join('\n') || '(nothing)'}\nbut the result is\n${so || '(nothing)'}`;
}

function outdatedDiagnostics(fenced: Fenced): readonly Diagnostic[] {
  const told = (checkedOf(fenced)?.findings ?? []).filter(
    ({ about }) => about === 'shown' || about === 'comment',
  );
  return told.map((finding) => ({
    range: {
      start: { line: finding.line, character: 0 },
      end: fenced.document.positionAt(fenced.document.offsetAt({ line: finding.line + 1, character: 0 }) - 1),
    },
    severity: DiagnosticSeverity.Warning,
    source: SOURCE,
    ...(finding.about === 'shown' ? { code: OUTDATED } : {}),
    message: outdatedMessage(finding),
  }));
}

function toldNow({ document, fences }: Fenced): Diagnostic[] {
  return fences().flatMap((fence) => fenceDiagnostics(fence, document.uri));
}

/** Analyses the scenarios of a document, until there is a newer version. */
async function analyseFences({ fences, isOutdated }: Fenced): Promise<void> {
  let turn = Date.now();
  for (const { scenario } of fences()) {
    if (isOutdated()) return;
    await scenario.analysed();
    if (Date.now() - turn < SLICE) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    turn = Date.now();
  }
}

/** Runs the scenarios of a document in order, until there is a newer version or the time is up. */
async function runFences({ fences, isOutdated }: Fenced): Promise<void> {
  const start = Date.now();
  let turn = start;
  for (const { shown, scenario } of fences()) {
    if (shown.fragment || costs.has(scenario)) continue;
    if (isOutdated() || Date.now() - start > TOTAL) return;
    const began = Date.now();
    await scenario.backgroundRun().finished;
    await scenario.explorations().finished;
    costs.set(scenario, Date.now() - began);
    if (Date.now() - turn < SLICE) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    turn = Date.now();
  }
}

/** Publishes diagnostics after the scenarios have run, and also before if that takes a while. */
export async function diagnoseFences(
  fenced: Fenced,
  publish: (diagnostics: Diagnostic[]) => void,
): Promise<void> {
  await analyseFences(fenced);
  if (fenced.isOutdated()) return;
  const early = setTimeout(() => publish(toldNow(fenced)), EARLY);
  await runFences(fenced).finally(() => clearTimeout(early));
  if (!fenced.isOutdated()) publish([...toldNow(fenced), ...outdatedDiagnostics(fenced)]);
}
