import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyLines, checkDocument, findPartsOf } from '../../src/documents';
import { type Embedding, embeddings, lostPiece } from '../generators/embedded';

interface Written {
  readonly text: string;
  readonly files: ReadonlyMap<string, string>;
}

function check({ name }: Pick<Embedding, 'name'>, { text, files }: Written) {
  return checkDocument(text, {
    findParts: findPartsOf(name)!,
    readFile: (path) => files.get(path) ?? null,
  });
}

/** As `gmemscope doc update`: one block may show another, so an update is repeated. */
function update(one: Pick<Embedding, 'name'>, before: Written): Written {
  let written = before;
  for (let pass = 0; pass < 4; pass++) {
    const { edits, files } = check(one, written);
    if (edits.length + files.length === 0) break;
    written = {
      text: applyLines(written.text, edits),
      files: new Map([...written.files, ...files.map(({ path, content }) => [path, content] as const)]),
    };
  }
  return written;
}

test('an update leaves nothing that it could resolve, changes nothing twice, and keeps everything else', () => {
  fc.assert(
    fc.property(embeddings(), (one) => {
      const after = update(one, { text: one.text, files: new Map() });
      const { edits, files, findings } = check(one, after);
      // An error in a scenario is a person's to fix.
      expect(findings.filter(({ about }) => about !== 'scenario')).toEqual([]);
      expect([...edits, ...files]).toEqual([]);
      expect(lostPiece(one, after.text)).toBeNull();
    }),
    { numRuns: 400 },
  );
});

test('every block is processed, in lists and quotations as elsewhere', () => {
  fc.assert(
    fc.property(embeddings(), (one) => {
      expect(check(one, { text: one.text, files: new Map() }).count).toBe(one.count);
    }),
    { numRuns: 400 },
  );
});
