import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyLines, type CodeBlock, checkDocument, findPartsOf } from '../../../src/documents';
import { type Embedding, embeddings, lostPiece } from '../../../test/generators/embedded';

type Kind = 'a.md' | 'a.rst';

/** As `gmemscope doc update`: one block may show another, so what was rewritten is checked again. */
function update(text: string, name: Kind): string {
  let now = text;
  for (let pass = 0; pass < 4; pass++) {
    const { edits } = checkDocument(now, { findParts: findPartsOf(name)!, readFile: () => null });
    if (edits.length === 0) break;
    now = applyLines(now, edits);
  }
  return now;
}

/** The lines of a document, with what ends them, that are not in a block of code. */
function outside(text: string, name: Kind): string {
  const lines = text.match(/[^\r\n]*(?:\r\n|\n|\r|$)/g)!.filter((line) => line !== '');
  const blocks = findPartsOf(name)!(text).filter((part): part is CodeBlock => part.kind === 'code');
  return lines.filter((_, at) => !blocks.some(({ start, end }) => at >= start && at < end)).join('|');
}

const prefix = fc.constantFrom(
  '',
  '',
  '  ',
  '- ',
  '1. ',
  '> ',
  '>',
  '> > ',
  '> - ',
  '\t',
  '   ',
  '* - ',
  '(a) ',
);
const line = fc.oneof(
  fc.constantFrom(
    'vm sw-protected',
    'gmem A size 4M',
    '#: wrong',
    'close A',
    'kernel linux-6.12',
    'text',
    '',
  ),
  fc.constantFrom('```gmem', '```', '```text', '~~~~gmem', '~~~~', '::', '.. code-block:: gmem'),
  fc.constantFrom('<!-- gmem: name hole -->', '<!-- gmem: run -->', '<!-- gmem: figure of hole -->'),
  fc.constantFrom(
    '<!-- gmem: figure step 1 -->',
    '.. gmem: run',
    '.. gmem: figure step 1',
    '<!-- gmem: setup a',
    '-->',
  ),
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[\r\n]/g, ' ')),
);
const ending = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r');
const texts = fc
  .tuple(fc.array(fc.tuple(prefix, line, ending), { maxLength: 24 }), fc.boolean())
  .map(([lines, isCut]) => {
    const text = lines.map((parts) => parts.join('')).join('');
    return isCut ? text.replace(/(?:\r\n|\n|\r)$/, '') : text;
  });

/** Any lines: what is a block, the program decides. */
function checkLines(text: string, name: Kind): void {
  const after = update(text, name);
  assert.equal(update(after, name), after);
  assert.equal(outside(after, name), outside(text, name));
}

/** Well-formed documents. */
function checkEmbedding(one: Embedding): void {
  const after = update(one.text, one.name);
  const { edits, findings, count } = checkDocument(after, {
    findParts: findPartsOf(one.name)!,
    readFile: null,
  });
  assert.deepEqual(edits, []);
  assert.deepEqual(
    findings.filter(({ about }) => about !== 'scenario'),
    [],
  );
  assert.equal(count, one.count);
  assert.equal(lostPiece(one, after), null);
}

export const documents = {
  name: 'documents',
  holds:
    'updating a document twice is updating it once, it leaves nothing to update, and nothing outside blocks of code changes',
  property: fc.property(
    texts,
    fc.constantFrom<Kind>('a.md', 'a.rst'),
    embeddings(),
    (text, name, embedding) => {
      checkLines(text, name);
      checkEmbedding(embedding);
      return true;
    },
  ),
};
