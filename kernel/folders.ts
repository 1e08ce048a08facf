/** Locations: this folder, and the cache. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the guest program and the kernel configuration, whether this module runs from here or from a bundle
 * elsewhere in the project.
 * @throws Error if it is not found.
 */
export function kernelFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    for (const candidate of [folder, join(folder, 'kernel')]) {
      if (existsSync(join(candidate, 'kernel.config'))) return candidate;
    }
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Error(
        'the folder kernel/ of gmemscope is not there: run this from a checkout of the project',
      );
    }
    folder = parent;
  }
}

/** The cache of built kernels; honours XDG_CACHE_HOME. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gmemscope', 'kernels');
}
