import {
  COUNTING_EXPECTATION,
  type ExpectationItem,
  type Expectations,
  expectationSpec,
  type ScenarioText,
  type Statement,
  scenariosOf,
} from '../../language';
import { markdownCode, markdownText } from '../../outcome';
import { countText } from '../arithmetic';
import { ranAs, runOf } from '../background-run/background-run';
import type { ScenarioDocument } from '../documents';
import { failedExpectationMessage } from '../failed-expectation';
import { verdictLines } from '../races/race-hover';

/** Hover texts about expectations and scenarios, in Markdown. */

/** The first gfn of an item of an expectation. */
export function gfnIn(expectations: Expectations): number | null {
  const { zapped = [], mapped = [], rewrote = [], mmio = [], stale = [], attributes = [] } = expectations;
  const leaves = zapped.flatMap((zap) => zap.leaves);
  return [...leaves, ...mapped, ...rewrote, ...mmio, ...stale, ...attributes][0]?.start ?? null;
}

/** Whether an expectation is met, in each scenario that runs the statement. */
export function verdictOf(
  { backgroundRun, explorations }: ScenarioDocument,
  statement: Statement,
  { kind, quantifier }: ExpectationItem,
): string[] {
  // Ranges behind a comma share the verdict of the first.
  const first = statement.expectation?.items.find(
    (item) => item.kind === kind && item.quantifier === quantifier,
  );
  const inEveryOrder = first === undefined ? [] : verdictLines(explorations().races, first.span);
  if (inEveryOrder.length > 0) return inEveryOrder;
  // The background run knows one order only.
  if (quantifier !== 'always') return [];
  const ran = ranAs(backgroundRun(), statement);
  if (ran.length === 0) return ['not reached by the background run'];
  const failed = ran.flatMap((one) =>
    one.failed.filter((expectation) => expectation.kind === kind).map(failedExpectationMessage),
  );
  if (failed.length === 0) return ['✓ met'];
  return [...new Set(failed)].map((text) => `✗ **failed**: ${text}`);
}

/** The forms of an expectation, its description, and whether it is met. */
export function expectationFacts(
  scenario: ScenarioDocument,
  statement: Statement,
  item: ExpectationItem,
): string[] {
  const { start, end } = item.word;
  const { forms, doc } =
    expectationSpec(scenario.document.getText().slice(start, end)) ?? COUNTING_EXPECTATION;
  return [`\`\`\`gmem\n${forms.join('\n')}\n\`\`\``, doc, ...verdictOf(scenario, statement, item)];
}

function scenarioWith({ analysis }: ScenarioDocument, header: Statement): ScenarioText | undefined {
  return scenariosOf(analysis().document).find(({ block }) => block?.header === header);
}

/** One of several scenarios: its own and shared statements, its kernel, and the results of its expectations. */
export function headerFacts(scenario: ScenarioDocument, header: Statement): string[] {
  const own = scenarioWith(scenario, header);
  if (own?.block == null) return [];
  const run = runOf(scenario.backgroundRun(), header);
  const { program, remarks } = run;
  const mine = own.block.statements.length;
  const shared = own.statements.length - mine;
  const expecting = program.statements.filter(({ expected }) => expected !== null).length;
  const failed = new Set(
    remarks.filter(({ kind }) => kind === 'failed-expectation').map(({ index }) => index),
  ).size;
  const knobs = Object.entries(program.setup.knobs).map(([knob, variant]) => ` with ${knob} ${variant}`);
  const expectations =
    expecting === 0
      ? 'no expectations'
      : `${countText(expecting, 'expectation')}, ${failed === 0 ? 'all met' : `${failed} failed`}`;
  return [
    `**${markdownText((own.title ?? '').trim())}**: ${countText(mine, 'statement')} of its own, ${shared} shared with others`,
    `kernel ${markdownCode(program.setup.kernel)}${markdownText(knobs.join(''))} · ${expectations}`,
  ];
}
