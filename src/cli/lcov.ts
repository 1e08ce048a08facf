/** Coverage for other programs: listings of the kernels' procedures, and how often each step ran, as lcov. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { listingPath, listingText } from '../dap';
import type { CoveredListing, ProfileCoverage } from '../outcome';
import { firstOf } from '../simulator';
import { saveFile } from './save';

function slashes(file: string): string {
  return file.replaceAll('\\', '/');
}

/** The record of one listing, as in geninfo(1): its procedure as a function, its steps as lines. */
function lcovRecord({ setup, procedure, steps }: CoveredListing, folder: string): readonly string[] {
  const { firstStepLine } = listingText(setup, procedure);
  const hit = steps.filter(({ count }) => count > 0).length;
  const entered = firstOf(steps).count;
  return [
    'TN:',
    `SF:${slashes(path.join(folder, listingPath(setup, procedure)))}`,
    `FN:${firstStepLine},${procedure}`,
    `FNDA:${entered},${procedure}`,
    'FNF:1',
    `FNH:${entered > 0 ? 1 : 0}`,
    ...steps.map(({ count }, at) => `DA:${firstStepLine + at},${count}`),
    `LF:${steps.length}`,
    `LH:${hit}`,
    'end_of_record',
  ];
}

/** The text of lcov.info. */
export function lcovText(profiles: readonly ProfileCoverage[], folder: string): string {
  const records = profiles.flatMap(({ listings }) =>
    listings.flatMap((listing) => lcovRecord(listing, folder)),
  );
  return records.map((line) => `${line}\n`).join('');
}

/** Listings rarely change, so most are there already. */
async function saveIfOther(file: string, text: string): Promise<void> {
  const there = await readFile(file, 'utf8').catch(() => null);
  if (there === text) return;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Writes the listings and lcov.info to a folder. */
export async function saveCoverage(folder: string, profiles: readonly ProfileCoverage[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { setup, procedure } of profiles.flatMap(({ listings }) => listings)) {
    const file = path.join(folder, listingPath(setup, procedure));
    await saveIfOther(file, listingText(setup, procedure).lines.join('\n'));
  }
  await saveFile(path.join(folder, 'lcov.info'), lcovText(profiles, folder));
}
