/**
 * `npm run mutate`: makes random mistakes in the sources, one at a time, and says which of them no test notices.
 *
 *   --count N    how many mutants to judge, 200 without it; those that do not compile are not counted
 *   --seed N     which of them: the same seed draws the same mutants of the same sources
 *   --only PATH  a file or a folder of src/simulator, src/language or src/outcome; may be given several times
 *
 * Works on a copy in .cache/mutate, where the survivors also end up in survivors.txt. Ctrl+C prints those so far.
 *
 * A script of the project's own, since Stryker has no way to draw a sample, its checker of types needs the API that
 * TypeScript 7 dropped, and its present version needs a newer Node than the project.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { API } from 'typescript/unstable/sync';
import { elementAt } from '../src/simulator';
import { projectRoot } from '../workbench/paths';
import { type Mutant, mutantsOf, mutated } from './mutate/mutants';
import { layerOf, orderFor, quickFirst } from './mutate/order';
import { endAll } from './mutate/process';
import { randomNumbers, shuffled } from './mutate/random';
import { observeReach, type Reach, testsThatReach } from './mutate/reach';
import { agreesWithRecordings, compiles, generatesTheSame, type Times, unitTests } from './mutate/tests';
import { copyTree, type Tree } from './mutate/tree';

const LAYERS = ['src/simulator', 'src/language', 'src/outcome'];
const folder = path.join(projectRoot, '.cache', 'mutate');

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true, default: LAYERS },
  },
});
const count = Number(values.count);

/** The mutants that no test caught, as people read them. */
const survivors: string[] = [];
/** The mutants that the quick tests did not catch; the others look at them last. */
const open: Open[] = [];
let judged = 0;
let discarded = 0;

const tree = copyTree(path.join(folder, 'tree'));
process.on('SIGINT', () => {
  endAll();
  console.log('\ncancelled');
  summarize();
  process.exit(130);
});

const all = shuffled(allMutants(tree, values.only), randomNumbers(Number(values.seed)));
/** More than are judged, since some do not compile. */
const mutants = all.slice(0, count * 3);
console.log(`${all.length} mutants of ${values.only.join(', ')}; ${count} of them, seed ${values.seed}`);
const { times, reach } = await baseline(tree);
const caughtBy = new Map<string, Map<string, number>>();
for (const [number, mutant] of mutants.entries()) {
  if (judged >= count) break;
  await judge(mutant, number);
}
while (open.length > 0) await judgeFinally(elementAt(open, 0));
summarize();
process.exitCode = survivors.length === 0 ? 0 : 1;

interface Baseline {
  readonly times: Times;
  readonly reach: Reach;
}

/**
 * How long the tests take on the tree as it is, which has to pass them, and which of the mutants each reaches; remembered
 * for as long as tree and mutants are the same.
 */
async function baseline({ folder: copy, hash }: Tree): Promise<Baseline> {
  const file = path.join(folder, 'baseline.json');
  const key = `${hash} ${values.seed} ${count} ${values.only.join(' ')}`;
  const known: ({ readonly key: string } & Baseline) | undefined = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : undefined;
  if (known?.key === key) return known;
  console.log('Running all checks on the unchanged sources ...');
  if ((await compiles(copy)) !== 'passed') throw new Error('the types are wrong before anything was changed');
  if ((await agreesWithRecordings(copy)) !== 'passed') throw new Error('recordings differ before any change');
  if ((await generatesTheSame(copy)) !== 'passed') throw new Error('a generated file is stale');
  const { result, reach } = await observeReach(copy, mutants, (hits) =>
    unitTests(copy, 'all', orderFor('', known?.times ?? {}, new Map()), null, hits),
  );
  const { ending, by, times } = result;
  if (ending !== 'passed') throw new Error(`${by ?? 'a test'} fails before anything was changed`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ key, times, reach }));
  return { times, reach };
}

function allMutants({ folder: copy, files }: Tree, only: readonly string[]): readonly Mutant[] {
  const api = new API({ cwd: copy });
  try {
    const configs = LAYERS.map((layer) => path.join(copy, layer, 'tsconfig.json'));
    const projects = api.updateSnapshot({ openProjects: configs }).getProjects();
    return files
      .filter((file) => file.endsWith('.ts') && LAYERS.some((layer) => file.startsWith(`${layer}/`)))
      .filter((file) =>
        only.some((wanted) => file === wanted || file.startsWith(`${wanted.replace(/\/$/, '')}/`)),
      )
      .flatMap((file) => {
        const project = projects.find(({ configFileName }) =>
          configFileName.endsWith(`/${layerOf(file)}/tsconfig.json`),
        );
        const source = project?.program.getSourceFile(path.join(copy, file));
        if (source === undefined) throw new Error(`the compiler does not know ${file}`);
        return mutantsOf(source, file);
      });
  } finally {
    api.close();
  }
}

interface Open {
  readonly mutant: Mutant;
  /** The tests that it has not run yet. */
  readonly left: readonly string[];
}

/** What noticed a mutant. */
type Fate = { readonly by: string } | { readonly open: Open };

/** Works on the tree with a mutant in it. */
async function withMutant<T>(mutant: Mutant, work: () => Promise<T>): Promise<T> {
  const target = path.join(tree.folder, mutant.file);
  const text = readFileSync(target, 'utf8');
  writeFileSync(target, mutated(text, mutant));
  return work().finally(() => writeFileSync(target, text));
}

/** Tries one mutant with all but the slow tests, counts it and reports on it. */
async function judge(mutant: Mutant, number: number): Promise<void> {
  const since = Date.now();
  const fate = await withMutant(mutant, () => fateOf(mutant, number));
  if (fate === 'no program') {
    discarded++;
    return;
  }
  judged++;
  if ('by' in fate) return report(`${String(judged).padStart(4)}/${count}`, fate.by, mutant, since);
  if (fate.open.left.length === 0) return survive(`${String(judged).padStart(4)}/${count}`, mutant, since);
  open.push(fate.open);
  report(`${String(judged).padStart(4)}/${count}`, 'open', mutant, since);
}

/** Tries a mutant that the quick tests did not catch with the slow ones. */
async function judgeFinally({ mutant, left }: Open): Promise<void> {
  const since = Date.now();
  const by = await withMutant(mutant, () => caughtByTests(mutant, left));
  open.shift();
  if (by === null) survive('', mutant, since);
  else report('', by, mutant, since);
}

function report(place: string, fate: string, mutant: Mutant, since: number): void {
  const seconds = Math.round((Date.now() - since) / 1000);
  console.log(`${place.padStart(8)}  ${fate}, ${seconds} s: ${inWords(mutant)}`);
}

function survive(place: string, mutant: Mutant, since: number): void {
  report(place, 'SURVIVED', mutant, since);
  survivors.push(inWords(mutant));
  writeFileSync(path.join(folder, 'survivors.txt'), `${survivors.join('\n')}\n`);
}

/** What noticed the mutant: the compiler, the recordings, a quick test, or the check of generated files. */
async function fateOf(mutant: Mutant, number: number): Promise<Fate | 'no program'> {
  if ((await compiles(tree.folder)) !== 'passed') return 'no program';
  if ((await agreesWithRecordings(tree.folder)) !== 'passed') return { by: 'caught by recordings' };
  const reaching = testsThatReach(mutant, number, reach) ?? new Set(Object.keys(times));
  const caught = caughtBy.get(layerOf(mutant.file)) ?? new Map<string, number>();
  const [quick, left] = quickFirst(orderFor(mutant.file, times, caught), reaching, times);
  const by = await caughtByTests(mutant, quick);
  if (by !== null) return { by };
  if ((await generatesTheSame(tree.folder)) !== 'passed') return { by: 'caught by generated files' };
  return { open: { mutant, left } };
}

/** Runs tests until one fails. What it says then; null if all pass. */
async function caughtByTests({ file }: Mutant, tests: readonly string[]): Promise<string | null> {
  if (tests.length === 0) return null;
  const { ending, by } = await unitTests(tree.folder, tests, tests, times);
  if (ending === 'passed') return null;
  const layer = layerOf(file);
  const caught = caughtBy.get(layer) ?? new Map<string, number>();
  caughtBy.set(layer, caught);
  if (by !== undefined) caught.set(by, (caught.get(by) ?? 0) + 1);
  return `${ending === 'late' ? 'endless in' : 'caught by'} ${by ?? 'the tests, which did not start'}`;
}

function inWords({ file, line, before, after }: Mutant): string {
  const short = (text: string) => text.replace(/\s+/g, ' ').slice(0, 100);
  return `${file}:${line}  ${short(before)}  →  ${short(after)}`;
}

function summarize(): void {
  const caught = judged - survivors.length - open.length;
  const percent = judged === 0 ? 0 : Math.floor((caught / judged) * 1000) / 10;
  const undecided = open.length === 0 ? '' : `; ${open.length} that the quick tests did not catch are open`;
  console.log(
    `\n${caught} of ${judged} caught (${percent} %)${undecided}; ${discarded} more did not compile`,
  );
  if (survivors.length > 0) console.log(`\nSurvivors:\n${survivors.join('\n')}`);
}
