import { readFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, test } from 'vitest';
import { sitePages } from '../../scripts/site/pages';
import { checkDocument, findingText, findPartsOf } from '../../src/documents';
import { tokenize } from '../../src/language';

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

/**
 * Whether a line may have other numbers and be as true: a call that is refused, where the comment below has no more than
 * the errno and why, is refused with others as well, and a VM may have more vCPUs than do anything.
 */
function isIndifferent(shown: string, below: string | undefined): boolean {
  return /^\s*#: E[A-Z]+(?::|$)/.test(below ?? '') || /^vm .* vcpus \d+$/.test(shown);
}

/** The document with one number of one of its fences larger by one: each such document, with the line of the number. */
function* withAnotherNumber(
  name: string,
  text: string,
): Generator<{
  line: number;
  shown: string;
  other: string;
  changed: string;
}> {
  const lines = text.split('\n');
  for (const part of findPartsOf(name)!(text)) {
    if (part.kind !== 'code' || part.language !== 'gmem') continue;
    for (let line = part.start; line < part.end; line++) {
      const shown = lines[line]!;
      if (isIndifferent(shown, lines[line + 1])) continue;
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
          shown,
          other,
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
    expect(
      check(name, text)
        .findings.map((finding) => findingText(name, finding))
        .join('\n'),
    ).toBe('');
  });

  // The reference is generated, which notices any change (test/language/generated.test.ts).
  if (name === 'docs/language.md') return;
  test('says otherwise when a number in a fence is another', () => {
    for (const { line, shown, other, changed } of withAnotherNumber(name, text)) {
      const message = `${name}:${line + 1}: another number is not noticed
    the document says    ${shown.trim()}
    it would also pass as ${other.trim()}`;
      expect(check(name, changed).findings.length, message).toBeGreaterThan(0);
    }
  });
});
