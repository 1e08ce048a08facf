import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from 'vscode-textmate';
import { STATEMENTS } from '../../src/language';

/** The grammar as an editor runs it. */

const PATH = 'syntaxes/gmem.tmLanguage.json';

let grammar: IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await loadWASM({ data: readFileSync(wasm) });
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: async () => parseRawGrammar(readFileSync(PATH, 'utf8'), PATH),
  });
  grammar = (await registry.loadGrammar('source.gmem'))!;
});

/** Words of a line with the first part or two of their scope, uncoloured ones left out. */
function coloured(line: string): string[] {
  return grammar.tokenizeLine(line, INITIAL).tokens.flatMap(({ startIndex, endIndex, scopes }) => {
    const scope = scopes.slice(1).at(-1);
    return scope === undefined ? [] : [`${line.slice(startIndex, endIndex)} ${scope.replace('.gmem', '')}`];
  });
}

describe('the grammar', () => {
  test.each([
    [
      'gmem A size 4M mmap',
      [
        'gmem keyword.control',
        'A entity.name.type.file',
        'size variable.parameter.label',
        '4M constant.numeric.decimal',
        'mmap storage.modifier',
      ],
    ],
    [
      '  slot 0 gpa 0x8000_0000 size 2M gmem A offset 0',
      [
        'slot keyword.control',
        '0 constant.numeric.decimal',
        'gpa variable.parameter.label',
        '0x8000_0000 constant.numeric.hex',
        'size variable.parameter.label',
        '2M constant.numeric.decimal',
        'gmem variable.parameter.label',
        'A variable.other.file',
        'offset variable.parameter.label',
        '0 constant.numeric.decimal',
      ],
    ],
    [
      'kernel linux-6.12 with retry-check off # as it was',
      [
        'kernel keyword.control',
        'linux-6.12 support.constant.kernel',
        'with variable.parameter.label',
        'retry-check support.constant.knob',
        'off constant.language.variant',
        '# as it was comment.line.number-sign',
      ],
    ],
    ['vm sw-protected', ['vm keyword.control', 'sw-protected support.constant.vm']],
    [
      'host write slot 0 offset 1M',
      [
        'host keyword.control',
        'write constant.language',
        'slot variable.parameter.label',
        '0 constant.numeric.decimal',
        'offset variable.parameter.label',
        '1M constant.numeric.decimal',
      ],
    ],
    [
      'close A => EBADF',
      [
        'close keyword.control',
        'A variable.other.file',
        '=> keyword.operator',
        'EBADF support.function.expectation',
      ],
    ],
    [
      'punch A pgoff 0x1..0x3 => zapped slot 0 gfn 0x80001..0x80003',
      [
        'punch keyword.control',
        'A variable.other.file',
        'pgoff variable.parameter.label',
        '0x1 constant.numeric.hex',
        '.. keyword.operator',
        '0x3 constant.numeric.hex',
        '=> keyword.operator',
        'zapped support.function.expectation',
        'slot support.function.expectation',
        '0 constant.numeric.decimal',
        'gfn support.function.expectation',
        '0x80001 constant.numeric.hex',
        '.. keyword.operator',
        '0x80003 constant.numeric.hex',
      ],
    ],
    ['switch vm 1', ['switch keyword.control', 'vm variable.parameter.label', '1 constant.numeric.decimal']],
    [
      'launch-update gpa 0 size 4K zero',
      [
        'launch-update keyword.control',
        'gpa variable.parameter.label',
        '0 constant.numeric.decimal',
        'size variable.parameter.label',
        '4K constant.numeric.decimal',
        'zero constant.language',
      ],
    ],
    [
      'host write A offset 0',
      [
        'host keyword.control',
        'write constant.language',
        'A variable.other.file',
        'offset variable.parameter.label',
        '0 constant.numeric.decimal',
      ],
    ],
    [
      'permissions rw vmsa',
      ['permissions variable.parameter.label', 'rw constant.language.permissions', 'vmsa storage.modifier'],
    ],
    ['closet 0y12', []],
  ])('%s', (line, expected) => {
    expect(coloured(line).map((word) => word.trim().replace(/^\s+/, ''))).toEqual(expected);
  });

  test.each(STATEMENTS.map((spec) => [spec.example, spec.keyword]))(
    '%s: every word has a colour',
    (example, keyword) => {
      const words = coloured(example);
      expect(words[0]).toBe(`${keyword} keyword.control`);
      // A title is one word with spaces in it.
      expect(words).toHaveLength(example.replace(/"[^"]*"/, 'title').split(' ').length);
    },
  );
});
