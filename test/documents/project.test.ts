import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, test, vi } from 'vitest';
import { sitePages } from '../../scripts/site/pages';
import { checkDocument, findPartsOf } from '../../src/documents';
import { tokenize } from '../../src/language';

// Every number of every fence is changed once; a busy machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

const root = path.resolve(import.meta.dirname, '../..');
const documents = globSync(
  [
    'README.md',
    'docs/**/*.md',
    'docs/**/*.rst',
    'src/extension/README.md',
    'kernel/README.md',
    'test/conformance/README.md',
  ],
  {
    cwd: root,
    ignore: '**/node_modules/**',
  },
).sort();

function check(name: string, text: string) {
  const readFile = (named: string) => {
    try {
      return readFileSync(path.resolve(root, path.dirname(name), named), 'utf8');
    } catch {
      return null;
    }
  };
  return checkDocument(text, { findParts: findPartsOf(name)!, readFile });
}

/** The document with one number of one of its fences larger by one: each such document, with the line of the number. */
function* withAnotherNumber(
  name: string,
  text: string,
): Generator<{ line: number; number: string; changed: string }> {
  const lines = text.split('\n');
  for (const part of findPartsOf(name)!(text)) {
    if (part.kind !== 'code' || part.language !== 'gmem') continue;
    for (let line = part.start; line < part.end; line++) {
      const shown = lines[line]!;
      for (const { kind, start, end } of tokenize(shown).tokens) {
        const number = shown.slice(start, end);
        if (kind !== 'number' || !/^(?:0x[0-9a-f_]+|\d+)[KMGT]?$/i.test(number)) continue;
        const [, digits = '', suffix = ''] = /^(.*?)([KMGT]?)$/.exec(number)!;
        const larger = digits.startsWith('0x')
          ? `0x${(BigInt(digits.replaceAll('_', '')) + 1n).toString(16)}`
          : String(BigInt(digits) + 1n);
        const other = shown.slice(0, start) + larger + suffix + shown.slice(end);
        yield {
          line,
          number,
          changed: [...lines.slice(0, line), other, ...lines.slice(line + 1)].join('\n'),
        };
      }
    }
  }
}

test('no page of the site is left out; examples have tests of their own', () => {
  const origins = sitePages(root).map(({ origin }) => origin);
  expect(documents).toEqual(
    expect.arrayContaining(origins.filter((origin) => !origin.startsWith('examples/'))),
  );
});

describe.each(documents)('%s', (name) => {
  const text = readFileSync(path.join(root, name), 'utf8');

  test('shows what the simulator says', () => {
    expect(check(name, text).findings).toEqual([]);
  });

  // The reference is generated, which notices any change (test/language/generated.test.ts).
  if (name === 'docs/language.md') return;
  test('says otherwise when a number in a fence is another', async () => {
    const unnoticed = [...withAnotherNumber(name, text)]
      .filter(({ changed }) => check(name, changed).findings.length === 0)
      .map(({ line, number }) => `${line + 1}: ${number} in ${text.split('\n')[line]!.trim()}`);
    // A story has numbers on which nothing depends that it shows: a vCPU too many, the end of a hole. They are kept here.
    const kept = path.join(root, `test/documents/golden/${path.basename(name)}.txt`);
    if (unnoticed.length === 0 && !existsSync(kept)) return;
    await expect(`${unnoticed.join('\n')}\n`).toMatchFileSnapshot(kept);
  });
});
