import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/language';
import { transcript } from '../../src/outcome';

const root = path.resolve(import.meta.dirname, '../../examples');
const examples = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.gmem'))
  .sort();

/** What the examples do, to be read as text: `npx vitest run test/outcome -u` writes it anew. */
describe('examples', () => {
  it.each(examples)('%s', async (name) => {
    const text = readFileSync(path.join(root, name), 'utf8');
    const analysis = analyze(text);
    expect(analysis.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const lines = analysis.programs.flatMap((program) => [
      ...(program.title === null ? [] : [`${program.title}\n`]),
      ...[...transcript(text, program)].map(
        ({ line, source, outcome }) => `${String(line).padStart(3)} ${source}\n      ${outcome}\n`,
      ),
    ]);
    await expect(lines.join('')).toMatchFileSnapshot(`golden/${name.replace('/', '-')}.txt`);
  });
});
