import {
  type ClaimNode,
  type Claims,
  COUNTING_CLAIM,
  claimSpec,
  type ScenarioText,
  type Statement,
  scenariosOf,
} from '../../language';
import { countText } from '../arithmetic';
import type { ScenarioDocument } from '../documents';
import { ranAs, runOf } from '../rehearsal/rehearsal';
import { unmetText } from '../unmet';

/** Hover texts about expectations and scenarios, in Markdown. */

/** The first gfn of an item of an expectation. */
export function gfnIn(claims: Claims): number | null {
  const { zapped = [], mapped = [], rewrote = [], mmio = [], stale = [], attributes = [] } = claims;
  const leaves = zapped.flatMap((zap) => zap.leaves);
  return [...leaves, ...mapped, ...rewrote, ...mmio, ...stale, ...attributes][0]?.start ?? null;
}

/** Whether an expectation is met, in each scenario that runs the statement. */
function verdict({ rehearsal }: ScenarioDocument, statement: Statement, { kind }: ClaimNode): string[] {
  const ran = ranAs(rehearsal(), statement);
  if (ran.length === 0) return ['not reached by the background run'];
  const unmet = ran.flatMap((one) => one.unmet.filter((claim) => claim.kind === kind).map(unmetText));
  if (unmet.length === 0) return ['✓ met'];
  return [...new Set(unmet)].map((text) => `✗ **failed**: ${text}`);
}

/** The forms of an expectation, its description, and whether it is met. */
export function claimFacts(scenario: ScenarioDocument, statement: Statement, item: ClaimNode): string[] {
  const { start, end } = item.word;
  const { forms, doc } = claimSpec(scenario.document.getText().slice(start, end)) ?? COUNTING_CLAIM;
  return [`\`\`\`gmem\n${forms.join('\n')}\n\`\`\``, doc, ...verdict(scenario, statement, item)];
}

function scenarioWith({ analysis }: ScenarioDocument, header: Statement): ScenarioText | undefined {
  return scenariosOf(analysis().document).find(({ block }) => block?.header === header);
}

/** One of several scenarios: its own and shared statements, its kernel, and the results of its expectations. */
export function headerFacts(scenario: ScenarioDocument, header: Statement): string[] {
  const own = scenarioWith(scenario, header);
  if (own?.block == null) return [];
  const run = runOf(scenario.rehearsal(), header);
  const { program, remarks } = run;
  const mine = own.block.statements.length;
  const shared = own.statements.length - mine;
  const claiming = program.statements.filter(({ expected }) => expected !== null).length;
  const unmet = new Set(remarks.filter(({ kind }) => kind === 'unmet').map(({ index }) => index)).size;
  const knobs = Object.entries(program.setup.knobs).map(([knob, variant]) => ` with ${knob} ${variant}`);
  const claims =
    claiming === 0
      ? 'no expectations'
      : `${countText(claiming, 'expectation')}, ${unmet === 0 ? 'all met' : `${unmet} failed`}`;
  return [
    `**${own.title ?? ''}**: ${countText(mine, 'statement')} of its own, ${shared} shared with others`,
    `kernel \`${program.setup.kernel}\`${knobs.join('')} · ${claims}`,
  ];
}
