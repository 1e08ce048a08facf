/** Prints which steps of each profile the examples and the documents reach, and which they do not. */
import { profileCoverage } from '../src/outcome';
import { countsOfRepository } from './coverage/measure';

const counts = countsOfRepository().filter(({ knobs }) => Object.keys(knobs).length === 0);
for (const { kernel, steps, reached, missing } of profileCoverage(counts)) {
  console.log(`${kernel}: ${reached} of ${steps} steps`);
  for (const { procedure, label, text } of missing) console.log(`  ${procedure}  ${label}  ${text}`);
}
