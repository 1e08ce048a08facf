import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the project. */
export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The cache of the VS Code web build, outside the project so that all clones share it. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment.XDG_CACHE_HOME;
  // The XDG specification requires relative paths to be ignored.
  return path.join(base && path.isAbsolute(base) ? base : path.join(homedir(), '.cache'), 'gmemscope');
}

/**
 * The file that a URL path names inside a folder, or undefined if the path would leave it. `urlPath` is still
 * percent-encoded, so that an encoded slash or dot cannot bypass an earlier check.
 */
export function resolveInside(folder: string, urlPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (/[\0\\]/.test(decoded) || decoded.split('/').includes('..')) return undefined;
  const target = path.resolve(folder, `./${decoded}`);
  return target === folder || target.startsWith(folder + path.sep) ? target : undefined;
}
