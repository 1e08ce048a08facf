import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze, parse, STATEMENTS, snippetsOf } from '../../../src/language';

/** What a snippet inserts before anything is typed over it. */
function expanded(body: string): string {
  const values = new Map<string, string>();
  return body
    .replaceAll(/\$\{(\d+)[:|]([^},|]*)[^}]*\}/g, (_whole, stop, value) => {
      values.set(stop, value);
      return value;
    })
    .replaceAll(/\$(\d+)/g, (_whole, stop) => values.get(stop) ?? '');
}

describe('the snippet of a statement', () => {
  test.each(STATEMENTS.flatMap(snippetsOf).map(({ label, body }) => [label, body]))('%s', (label, body) => {
    const { diagnostics, statements } = parse(expanded(body));
    expect(diagnostics).toEqual([]);
    // A race has two tasks.
    expect(statements).toHaveLength(label === 'race' ? 3 : 1);
  });
});

interface SnippetFile {
  readonly [name: string]: { readonly prefix: string; readonly body: string };
}

/** Made before the snippets that need it. */
const GIVEN = 'vm sw-protected\ngmem A size 4M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\n';
const MAKES_ITS_OWN = new Set(['sw-protected', 'sev-snp', 'two-slots']);

describe('the snippets of the editor', () => {
  const file: SnippetFile = JSON.parse(readFileSync('snippets/gmem.json', 'utf8'));

  test.each(Object.entries(file))('%s', (_name, { prefix, body }) => {
    const text = (MAKES_ITS_OWN.has(prefix) ? '' : GIVEN) + expanded(body);
    expect(analyze(text).diagnostics).toEqual([]);
  });

  test('do not repeat the statements, which completion offers', () => {
    const keywords = new Set<string>(STATEMENTS.map(({ keyword }) => keyword));
    expect(Object.values(file).filter(({ prefix }) => keywords.has(prefix))).toEqual([]);
  });
});
