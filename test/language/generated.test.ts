import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GENERATED_FILES } from '../../scripts/generate/files';

describe('generated files', () => {
  test.each(GENERATED_FILES.map(({ path, content }) => [path, content] as const))(
    '%s is up to date',
    (path, content) => {
      expect(readFileSync(path, 'utf8')).toBe(content());
    },
  );
});

describe('the language configuration', () => {
  const configuration = JSON.parse(readFileSync('language-configuration.json', 'utf8'));

  test.each([
    ['init-shared', 'init-shared'],
    ['linux-6.12', 'linux-6.12'],
    ['0x80_0000', '0x80_0000'],
    ['A,B', 'A'],
  ])('a word in %j', (text, word) => {
    expect(new RegExp(configuration.wordPattern).exec(text)?.[0]).toBe(word);
  });

  test('regions fold', () => {
    const { start, end } = configuration.folding.markers;
    expect(new RegExp(start).test('  # region the hole')).toBe(true);
    expect(new RegExp(end).test('#endregion')).toBe(true);
  });
});
