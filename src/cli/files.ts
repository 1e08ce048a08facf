/** The scenarios that files, folders and patterns of a command line stand for. */
import path from 'node:path';
import { glob } from 'tinyglobby';

/**
 * In a stable order, each once.
 * @throws Error where one of them stands for none.
 */
export async function findFiles(patterns: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const pattern of patterns) {
    const absolute = path.isAbsolute(pattern);
    const found = await glob(pattern.replaceAll('\\', '/'), { absolute, dot: true });
    // A folder stands for the scenarios in it; a file that is named is meant whatever it is called.
    const scenarios = found.filter((file) => file === pattern || file.endsWith('.gmem'));
    if (scenarios.length === 0) {
      throw new Error(`${pattern}: there is no such file, and no scenario that the pattern matches`);
    }
    files.push(...scenarios.sort());
  }
  return [...new Set(files)];
}
