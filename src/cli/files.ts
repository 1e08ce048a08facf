/** Expands files, folders and patterns of a command line to scenarios. */
import path from 'node:path';
import { glob } from 'tinyglobby';

/**
 * In a stable order, without duplicates.
 * @throws Error if an argument matches nothing.
 */
export async function findFiles(patterns: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const pattern of patterns) {
    const absolute = path.isAbsolute(pattern);
    const found = await glob(pattern.replaceAll('\\', '/'), { absolute, dot: true });
    // A folder means the scenarios in it; a file that is named counts whatever its suffix.
    const scenarios = found.filter((file) => file === pattern || file.endsWith('.gmem'));
    if (scenarios.length === 0) {
      throw new Error(`${pattern}: there is no such file, and no scenario matches the pattern`);
    }
    files.push(...scenarios.sort());
  }
  return [...new Set(files)];
}
