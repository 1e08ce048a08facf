/** Builds a kernel from Debian's source package and caches the result. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isRealKernel, type KernelSource, kernelSource } from './catalogue';
import { runCommand } from './command';
import { cacheFolder, kernelFolder } from './folders';
import { placePoints, pointsOf } from './points/place';
import { demand, TO_BUILD } from './requirements';
import { fetchSourcePackage } from './source-package';

export interface BuildOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with short progress messages. */
  readonly onProgress?: ((text: string) => void) | undefined;
  /** Whether calls can be suspended at points (points/). */
  readonly points?: boolean;
}

/** So that the machine stays usable meanwhile. */
const NICENESS = '10';
/** Number of compiled files per line of progress. */
const FILES_A_LINE = 100;

/**
 * The image of a kernel, built if it is not in the cache (some minutes, and 2 GB of disk meanwhile).
 * @throws Error with what to install if a tool is missing, or with the last lines of the command that failed.
 * @returns The path of the bzImage.
 */
export async function buildKernel(name: string, options: BuildOptions = {}): Promise<string> {
  const kernel = kernelSource(name);
  if (kernel === null) throw new Error(`there is no recipe to build a kernel called ${name}`);
  const folder = join(cacheFolder(), options.points ? `${kernel.name}-points` : kernel.name);
  const image = join(folder, 'bzImage');
  const recipe = await recipeOf(kernel, options);
  if (await isBuiltWith(folder, recipe)) return image;

  await demand(TO_BUILD, `Building ${kernel.name}`);
  const work = join(folder, 'work');
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    await buildIn(work, kernel, recipe, options);
    await writeFile(join(work, 'recipe'), keyOf(recipe));
    await rename(join(work, 'bzImage'), image);
    await rename(join(work, 'recipe'), join(folder, 'kernel.config'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  options.onProgress?.(`${kernel.name} is built: ${image}`);
  return image;
}

/** Everything that a kernel is built from, besides the source package. */
interface Recipe {
  readonly config: string;
  /** Null without points. */
  readonly points: string | null;
}

async function recipeOf({ name }: KernelSource, { points = false }: BuildOptions): Promise<Recipe> {
  const read = (file: string) => readFile(join(kernelFolder(), file), 'utf8');
  const config = await read('kernel.config');
  if (!points || !isRealKernel(name)) return { config, points: null };
  return { config: config + (await read('points.config')), points: await pointsOf(name) };
}

function keyOf({ config, points }: Recipe): string {
  if (points === null) return config;
  return `${config}# points: ${createHash('sha256').update(points).digest('hex')}\n`;
}

/** A changed recipe makes another kernel: a cached image counts only with the same one. */
async function isBuiltWith(folder: string, recipe: Recipe): Promise<boolean> {
  if (!existsSync(join(folder, 'bzImage'))) return false;
  return (await readFile(join(folder, 'kernel.config'), 'utf8').catch(() => '')) === keyOf(recipe);
}

/** Leaves `bzImage` in the folder. */
async function buildIn(
  work: string,
  kernel: KernelSource,
  { config, points }: Recipe,
  { signal, onProgress }: BuildOptions,
): Promise<void> {
  onProgress?.(`${kernel.name}: fetching ${kernel.packageName}`);
  const deb = await fetchSourcePackage(kernel, work, signal);

  onProgress?.(`${kernel.name}: unpacking`);
  const tree = join(work, 'tree');
  await mkdir(tree);
  await runCommand('dpkg-deb', ['-x', deb, join(work, 'package')], { signal });
  const archive = join(work, 'package', 'usr', 'src', `${kernel.packageName}.tar.xz`);
  await runCommand('tar', ['-xf', archive, '-C', tree, '--strip-components=1'], { signal });

  if (points !== null && isRealKernel(kernel.name)) await placePoints(tree, kernel.name);

  onProgress?.(`${kernel.name}: configuring`);
  const make = (args: readonly string[], onLine?: (line: string) => void) =>
    runCommand('nice', ['-n', NICENESS, 'make', ...args], { cwd: tree, signal, ...(onLine && { onLine }) });
  await make(['tinyconfig']);
  await appendFile(join(tree, '.config'), config);
  await make(['olddefconfig']);
  refuseUnknown(config, await readFile(join(tree, '.config'), 'utf8'));

  let compiled = 0;
  await make([`-j${availableParallelism()}`, 'bzImage'], (line) => {
    if (!/^\s+(CC|AS)\s/.test(line)) return;
    compiled++;
    if (compiled % FILES_A_LINE === 0) onProgress?.(`${kernel.name}: ${compiled} files compiled`);
  });
  await copyFile(join(tree, 'arch', 'x86', 'boot', 'bzImage'), join(work, 'bzImage'));
}

/** @throws Error if an option of the fragment has another value: a dependency is off or gone. */
export function refuseUnknown(fragment: string, config: string): void {
  const have = new Set(config.split('\n'));
  const lost = fragment.split('\n').filter((line) => line.startsWith('CONFIG_') && !have.has(line));
  if (lost.length > 0) throw new Error(`the kernel's configuration did not accept ${lost.join(', ')}`);
}
