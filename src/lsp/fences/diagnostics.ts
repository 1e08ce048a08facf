import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { type CheckedDocument, checkDocument, type Finding } from '../../documents';
import { capped } from '../../language';
import { diagnosticsOf, toLsp } from '../diagnostics';
import type { Scenario } from '../documents';
import { once } from '../once';
import type { Fenced } from './documents';
import { type Fence, toOuter } from './fence';

/** What is wrong with the scenarios of a document, and with what it shows of them. */

const SOURCE = 'gmem';

/** Code of what is not up to date in a document. */
export const OUTDATED = 'outdated';

/** Milliseconds for the scenarios of a document together: the others are only read. */
const TOTAL = 5000;

/** Milliseconds of running that may be spent once more, to see whether what is shown is up to date. */
const AGAIN = 500;

/** Milliseconds after which what is known is told, while scenarios are still run. */
const EARLY = 200;

/** Milliseconds after which others get a turn. */
const SLICE = 15;

/** What the language says of a scenario, and, where it has been run, what that has shown. */
function scenarioDiagnostics({ shown, scenario }: Fence, hasRun: boolean): readonly Diagnostic[] {
  if (hasRun) return diagnosticsOf(scenario);
  const { diagnostics, document } = scenario.analysis();
  const told = shown.fragment ? document.diagnostics : diagnostics;
  return capped(told).map((diagnostic) => toLsp(scenario.document, diagnostic));
}

/** The same where they stand in the document; those of what the scenario comes after are told there. */
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

/** Milliseconds that running each scenario took; of those only that have been run. */
const costs = new WeakMap<Scenario, number>();

/** Whether all scenarios ran to their ends, in a time that may be taken again. */
function mayRunAgain(fences: readonly Fence[]): boolean {
  const run = fences.filter(({ shown }) => !shown.fragment).map(({ scenario }) => scenario);
  const total = run.reduce((sum, scenario) => sum + (costs.get(scenario) ?? Number.POSITIVE_INFINITY), 0);
  return total < AGAIN && run.every((one) => one.rehearsal().runs.every(({ stopped }) => stopped === null));
}

const checkedDocuments = new WeakMap<Fenced, () => CheckedDocument | null>();

/** What the whole document shows and is not so; null where finding out would take long. Files are not read. */
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
  return `${what}: the document says\n${expected.join('\n') || '(nothing)'}\nand so it is\n${so || '(nothing)'}`;
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

/** Runs the scenarios of a document, one after the other, until there is a newer version or the time is over. */
async function runFences({ fences, isOutdated }: Fenced): Promise<void> {
  const start = Date.now();
  let turn = start;
  for (const { shown, scenario } of fences()) {
    if (shown.fragment || costs.has(scenario)) continue;
    if (isOutdated() || Date.now() - start > TOTAL) return;
    const began = Date.now();
    await scenario.rehearsal().finished;
    costs.set(scenario, Date.now() - began);
    if (Date.now() - turn < SLICE) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    turn = Date.now();
  }
}

/** Gives diagnostics to `publish`: once the scenarios have been run, and before that where it takes a while. */
export async function diagnoseFences(
  fenced: Fenced,
  publish: (diagnostics: Diagnostic[]) => void,
): Promise<void> {
  const early = setTimeout(() => publish(toldNow(fenced)), EARLY);
  await runFences(fenced).finally(() => clearTimeout(early));
  if (!fenced.isOutdated()) publish([...toldNow(fenced), ...outdatedDiagnostics(fenced)]);
}
