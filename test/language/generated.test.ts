import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exampleSection } from '../../scripts/generate/examples';
import { GENERATED_FILES } from '../../scripts/generate/files';
import { STATEMENTS } from '../../src/language';

describe('generated files', () => {
  test.each(GENERATED_FILES.map(({ path, content }) => [path, content] as const))(
    '%s is up to date',
    (path, content) => {
      expect(readFileSync(path, 'utf8')).toBe(content());
    },
  );
});

describe('the examples of the reference', () => {
  // KVM refuses every change of a file's size.
  const examples = STATEMENTS.filter(({ keyword }) => keyword !== 'truncate');

  test.each(examples.map(({ keyword, example }) => [keyword, example] as const))(
    '%s succeeds',
    (_keyword, example) => {
      expect(exampleSection(example)).not.toMatch(
        /\bE[A-Z]{3,}: |FAIL_|guest #|no change|WARN|livelock|oops|fail-entry|internal-error/,
      );
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
