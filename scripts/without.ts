/**
 * `npm run without`: writes docs/without.md, which says for each step and lock of the fault path and of the invalidation
 * what breaks without it, in the races of examples/exploring. Takes some minutes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { analyze, finish } from '../src/language';
import {
  type DescribedRace,
  describedRace,
  exploreRace,
  exploreWithout,
  hasRace,
  reachedLocks,
  reachedSteps,
  type WithoutStep,
} from '../src/outcome';
import { projectRoot } from '../workbench/paths';

/** The races that are run without each step: a file of examples/exploring, and the scenario in it. */
const RACES = [
  ['fault-and-hole', 'as it is'],
  ['conversion-and-fault', '7.3'],
  ['two-faults', 'two writes'],
  ['huge-leaf-over-a-conversion', 'as it is'],
  ['prefault-and-delete', '7.3 gives up'],
  ['close-and-delete', '7.3'],
  ['a-vcpu-that-runs', '7.3'],
] as const;

/** Enough for each of these races with the whole kernel, several times over. */
const MOST_STATES = 30_000;

/** What is said of a step: what the most telling race has found. */
interface Row {
  readonly procedure: string;
  readonly text: string;
  readonly found: WithoutStep;
  readonly race: string;
}

const RANKS: Readonly<Record<WithoutStep['effect'], number>> = {
  broken: 4,
  'other-outcomes': 2,
  undecided: 1,
  same: 0,
};

function isMoreTelling(found: WithoutStep, known: WithoutStep | undefined): boolean {
  if (known === undefined) return true;
  const ranks = RANKS[found.effect] - RANKS[known.effect];
  // A stale mapping says more than a lock that is left behind.
  const stale = Number(found.detail.includes('STALE')) - Number(known.detail.includes('STALE'));
  return ranks > 0 || (ranks === 0 && stale > 0);
}

const rows = new Map<string, Row>();

function note(
  left: string,
  procedure: string,
  text: string,
  race: string,
  whole: DescribedRace,
  source: string,
): void {
  const found = finish(exploreWithout(source, whole, left, { maxStates: MOST_STATES }));
  const key = `${procedure} ${left}`;
  if (isMoreTelling(found, rows.get(key)?.found)) rows.set(key, { procedure, text, found, race });
}

for (const [file, title] of RACES) {
  const source = readFileSync(path.join(projectRoot, 'examples', 'exploring', `${file}.gmem`), 'utf8');
  const program = analyze(source).programs.find((one) => one.title === title);
  if (program === undefined || !hasRace(program)) throw new Error(`${file} has no race "${title}"`);
  const explored = finish(exploreRace(program));
  const whole = describedRace(source, explored);
  const steps = reachedSteps(explored);
  for (const { procedure, label, text } of steps) note(label, procedure, text, file, whole, source);
  for (const lock of reachedLocks(explored)) note(lock, 'locks', '', file, whole, source);
  console.log(`${file}: ${steps.length} steps`);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function effectText({ effect, detail, moves }: WithoutStep): string {
  if (effect === 'same') return 'nothing';
  return moves === null || moves === 0 ? detail : `${detail}, in ${moves} moves`;
}

const byProcedure = new Map<string, Row[]>();
for (const row of rows.values())
  byProcedure.set(row.procedure, [...(byProcedure.get(row.procedure) ?? []), row]);

const sections = [...byProcedure].map(([procedure, own]) => {
  const lines = own.map(
    ({ text, found, race }) =>
      `| \`${found.left}\` | ${cell(text)} | ${cell(effectText(found))} | ${found.effect === 'same' ? '' : `[${race}](../examples/exploring/${race}.gmem)`} |`,
  );
  const title = procedure === 'locks' ? 'Locks' : `\`${procedure}\``;
  return `## ${title}\n\n| without | what it does | what breaks | in the race |\n|---|---|---|---|\n${lines.join('\n')}`;
});
const all = [...rows.values()];
const counts = (effect: WithoutStep['effect']) => all.filter(({ found }) => found.effect === effect).length;

const page = `# What breaks without a step

Each step of the kernel that the races of [examples/exploring](../examples/exploring) run was left out, one at a time, and so was each kind of lock: the explorer says what goes wrong then, with the shortest order. This is mutation testing, of a kernel instead of a program. ${all.length} steps and locks were left out: ${counts('broken')} are noticed, ${counts('other-outcomes')} only change outcomes, and ${counts('same')} are not noticed by these races. A step that nobody notices may matter to other calls, to one call alone, or to nobody.

The file is written by \`npm run without\`. For your own race, use \`gmemscope explore --each\` ([exploring.md](exploring.md#why-is-this-step-here)).

${sections.join('\n\n')}
`;
writeFileSync(path.join(projectRoot, 'docs', 'without.md'), page);
