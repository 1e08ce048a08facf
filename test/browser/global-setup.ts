import { build } from '../../scripts/build';
import { cacheDirectory } from '../../workbench/paths';
import { progressPrinter } from '../../workbench/progress';
import { cachedBuild, vscodeBuild } from '../../workbench/vscode-build';

/** Once before the browser tests: what the workbench serves is built, and VS Code is in the cache. */
export async function setup(): Promise<void> {
  const progress = progressPrinter(process.stdout);
  await cachedBuild(cacheDirectory(), vscodeBuild, progress.show, new AbortController().signal);
  progress.end();
  await build();
}
