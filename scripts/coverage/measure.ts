/** Runs all scenarios of the examples and the documents, and counts the steps of the kernel that they reach. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findInMarkdown, scenariosOf } from '../../src/documents';
import { analyze, finish, type Program } from '../../src/language';
import { checkRace, type KernelCounts, runScenario, stepCounter } from '../../src/outcome';

const root = path.resolve(import.meta.dirname, '../..');

/** Texts of scenarios, with the file that contains them. */
interface Text {
  readonly file: string;
  readonly text: string;
}

function filesIn(folder: string, suffix: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => `${folder}/${name}`);
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

function exampleTexts(): readonly Text[] {
  return filesIn('examples', '.gmem').map((file) => ({ file, text: read(file) }));
}

function documentTexts(): readonly Text[] {
  return ['README.md', ...filesIn('docs', '.md')].flatMap((file) =>
    scenariosOf(read(file), findInMarkdown)
      .filter(({ fragment }) => !fragment)
      .map(({ before, text }) => ({ file, text: before + text })),
  );
}

function countsOf(program: Program): KernelCounts {
  const { onStep, counts } = stepCounter(program.setup);
  for (const executed of runScenario(program, onStep)) void executed;
  finish(checkRace(program, { onStep }));
  return counts();
}

/** The counts of each scenario of the examples and the documents. */
export function countsOfRepository(): readonly KernelCounts[] {
  return [...exampleTexts(), ...documentTexts()].flatMap(({ text }) =>
    analyze(text)
      .programs.filter(({ errors }) => errors.length === 0)
      .map(countsOf),
  );
}
