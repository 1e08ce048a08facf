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
import { projectRoot } from '../workbench/paths';
import { type Mutant, mutantsOf, mutated } from './mutate/mutants';
import { layerOf, orderFor } from './mutate/order';
import { endAll } from './mutate/process';
import { randomNumbers, shuffled } from './mutate/random';
import { observeReach, type Reach, testsThatReach } from './mutate/reach';
import { agreesWithRecordings, compiles, type Times, unitTests } from './mutate/tests';
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

/** Tries one mutant, counts it and reports on it. */
async function judge(mutant: Mutant, number: number): Promise<void> {
  const target = path.join(tree.folder, mutant.file);
  const text = readFileSync(target, 'utf8');
  const since = Date.now();
  writeFileSync(target, mutated(text, mutant));
  const fate = await fateOf(mutant, number).finally(() => writeFileSync(target, text));
  if (fate === 'no program') {
    discarded++;
    return;
  }
  judged++;
  const seconds = Math.round((Date.now() - since) / 1000);
  console.log(
    `${String(judged).padStart(4)}/${count}  ${fate ?? 'SURVIVED'}, ${seconds} s: ${inWords(mutant)}`,
  );
  if (fate !== null) return;
  survivors.push(inWords(mutant));
  writeFileSync(path.join(folder, 'survivors.txt'), `${survivors.join('\n')}\n`);
}

/** What noticed the mutant; null if nothing did. */
async function fateOf(mutant: Mutant, number: number): Promise<string | null> {
  const { file } = mutant;
  if ((await compiles(tree.folder)) !== 'passed') return 'no program';
  if ((await agreesWithRecordings(tree.folder)) !== 'passed') return 'caught by recordings';
  const caught = caughtBy.get(layerOf(file)) ?? new Map<string, number>();
  caughtBy.set(layerOf(file), caught);
  const tests = testsThatReach(mutant, number, reach);
  if (tests?.size === 0) return null;
  const selection = tests === null ? { importing: file } : [...tests];
  const { ending, by } = await unitTests(tree.folder, selection, orderFor(file, times, caught), times);
  if (ending === 'passed') return null;
  if (by !== undefined) caught.set(by, (caught.get(by) ?? 0) + 1);
  return `${ending === 'late' ? 'endless in' : 'caught by'} ${by ?? 'the tests, which did not start'}`;
}

function inWords({ file, line, before, after }: Mutant): string {
  const short = (text: string) => text.replace(/\s+/g, ' ').slice(0, 100);
  return `${file}:${line}  ${short(before)}  →  ${short(after)}`;
}

function summarize(): void {
  const caught = judged - survivors.length;
  const percent = judged === 0 ? 0 : Math.floor((caught / judged) * 1000) / 10;
  console.log(`\n${caught} of ${judged} caught (${percent} %); ${discarded} more did not compile`);
  if (survivors.length > 0) console.log(`\nSurvivors:\n${survivors.join('\n')}`);
}
