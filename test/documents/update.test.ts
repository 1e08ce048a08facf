import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { applyLines, type CodeBlock, checkDocument, findPartsOf, wholeLineEdits } from '../../src/documents';

type Kind = 'a.md' | 'a.rst';

const surroundings = (name: Kind) => ({ findParts: findPartsOf(name)!, readFile: () => null });

/** As `gmemscope doc update`: one block may show another, so what was rewritten is looked at again. */
function update(text: string, name: Kind): string {
  let now = text;
  for (let pass = 0; pass < 4; pass++) {
    const { edits } = checkDocument(now, surroundings(name));
    if (edits.length === 0) break;
    now = applyLines(now, edits);
  }
  return now;
}

const lineOf = /[^\r\n]*(?:\r\n|\n|\r|$)/g;

/** The lines of a document, with what ends them, that are not in a block of code. */
function outside(text: string, name: Kind): string {
  const lines = text.match(lineOf)!.filter((line) => line !== '');
  const blocks = findPartsOf(name)!(text).filter((part): part is CodeBlock => part.kind === 'code');
  return lines.filter((_, at) => !blocks.some(({ start, end }) => at >= start && at < end)).join('|');
}

const SCENARIO = ['vm sw-protected', 'gmem A size 4M', '#: wrong', 'close A'];

describe('doc update', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['a bullet', ['- ```gmem', '  gmem A size 4M', '  #:', '  ```', '- other'], ['  #: A: pages 0x0..0x400']],
    [
      'an ordered item',
      ['1. ```gmem', '   gmem A size 4M', '   #:', '   ```'],
      ['   #: A: pages 0x0..0x400'],
    ],
    [
      'an item in a quotation',
      ['> - ```gmem', '>   gmem A size 4M', '>   #:', '>   ```'],
      ['>   #: A: pages 0x0..0x400'],
    ],
    [
      'a quotation in an item',
      ['* > ```gmem', '  > gmem A size 4M', '  > #:', '  > ```'],
      ['  > #: A: pages 0x0..0x400'],
    ],
  ])('keeps %s whose line opens the fence', (_title, before, [written]) => {
    const after = before.map((line) => (line.endsWith('#:') ? written! : line)).join('\n');
    expect(update(before.join('\n'), 'a.md')).toBe(after);
  });

  test('keeps the line ending of each line, and gives a new line that of its neighbour', () => {
    const text = '# a\r\nunix\n\n```gmem\ngmem A size 4M\n#:\nclose A\r\n```\r\nlast';
    expect(update(text, 'a.md')).toBe(
      '# a\r\nunix\n\n```gmem\ngmem A size 4M\n#: A: pages 0x0..0x400\nclose A\r\n#: A had no pages\r\n```\r\nlast',
    );
  });

  test.each([
    '```gmem\ngmem A size 4M\n#:',
    '```gmem\ngmem A size 4M\n#:\n',
    '- ```gmem\n  gmem A size 4M\n  #:',
  ])('brings a fence up to date that is not closed: %j', (text) => {
    const after = update(text, 'a.md');
    expect(after).toContain('#: A: pages 0x0..0x400');
    expect(update(after, 'a.md')).toBe(after);
  });

  test('keeps blanks at the end of lines that are shown', () => {
    const text = '```gmem\ngmem A size 4M  \n#:\n```\n';
    expect(update(text, 'a.md')).toBe('```gmem\ngmem A size 4M  \n#: A: pages 0x0..0x400\n```\n');
  });

  const prefix = fc.constantFrom('', '', '  ', '- ', '1. ', '> ', '>', '> > ', '> - ', '\t', '   ');
  const words = fc.constantFrom(
    ...SCENARIO,
    '```gmem',
    '```gmem',
    '```',
    '```text',
    '~~~~gmem',
    '~~~~',
    '<!-- gmem: name hole -->',
    '<!-- gmem: run -->',
    '<!-- gmem: figure of hole -->',
    '<!-- gmem: figure step 1 -->',
    '.. code-block:: gmem',
    '.. gmem: run',
    '.. gmem: figure step 1',
    '::',
    'text',
    '',
    'kernel linux-6.12',
  );
  const ending = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');
  const documents = fc
    .tuple(fc.array(fc.tuple(prefix, words, ending), { maxLength: 16 }), fc.boolean())
    .map(([lines, cut]) => {
      const text = lines.map((parts) => parts.join('')).join('');
      return cut ? text.replace(/(?:\r\n|\n|\r)$/, '') : text;
    });

  test('changes nothing the second time, and nothing outside blocks of code', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom<Kind>('a.md', 'a.rst'), (text, name) => {
        const after = update(text, name);
        expect(update(after, name)).toBe(after);
        expect(outside(after, name)).toBe(outside(text, name));
      }),
      { numRuns: 3000 },
    );
  });

  /** As an editor does. */
  function edited(text: string, name: Kind): string {
    const { edits } = checkDocument(text, surroundings(name));
    const document = TextDocument.create('file:///a', 'markdown', 1, text);
    return TextDocument.applyEdits(
      document,
      wholeLineEdits(text, edits).map(({ start, end, lines }) => ({
        range: { start: { line: start, character: 0 }, end: { line: end, character: 0 } },
        newText: lines.join(''),
      })),
    );
  }

  test('the edits of whole lines do the same in an editor', () => {
    const unclosed = '```gmem\ngmem A size 4M\n#:\nclose A';
    expect(edited(unclosed, 'a.md')).toBe(
      '```gmem\ngmem A size 4M\n#: A: pages 0x0..0x400\nclose A\n#: A had no pages',
    );
    fc.assert(
      fc.property(documents, fc.constantFrom<Kind>('a.md', 'a.rst'), (text, name) => {
        const { edits } = checkDocument(text, surroundings(name));
        expect(edited(text, name)).toBe(applyLines(text, edits));
      }),
      { numRuns: 2000 },
    );
  });
});

test('leaves nothing to do behind a quotation mark without a space', () => {
  const text = ['> ~~~gmem', '> kernel linux-6.12', '', '><!-- gmem: figure step 1 -->', '>````gmem'].join(
    '\n',
  );
  const updated = update(text, 'a.md');
  expect(updated).toContain('>   (above, linux-6.12, default VM)');
  expect(checkDocument(updated, surroundings('a.md')).findings).toEqual([]);
});
