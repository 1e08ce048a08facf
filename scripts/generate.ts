/**
 * Writes the files generated from the table of statements. With `--check` it writes nothing and fails if one of them is
 * stale.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GENERATED_FILES } from './generate/files';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function current(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const check = process.argv.includes('--check');
const stale: string[] = [];
for (const { path, content } of GENERATED_FILES) {
  const target = join(root, path);
  const text = content();
  if (current(target) === text) continue;
  stale.push(path);
  if (check) continue;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
if (!check) {
  console.log(stale.length === 0 ? 'all generated files are up to date' : `wrote ${stale.join(', ')}`);
} else if (stale.length > 0) {
  console.error(`stale: ${stale.join(', ')}; run \`npm run generate\` and commit the result`);
  process.exitCode = 1;
}
