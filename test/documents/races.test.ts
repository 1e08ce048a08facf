import { describe, expect, test } from 'vitest';
import { checkDocument, findPartsOf } from '../../src/documents';

const AROUND = { findParts: findPartsOf('race.md')!, readFile: () => null };

const document = (expected: string) => `# A race

\`\`\`gmem
kernel linux-7.3 with retry-check off
vm sw-protected
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
race {
  task a {
    fault vcpu 0 write gpa 0x80000000 => always ok
  }
  task b {
    punch A offset 0 size 4K
  }
} => ${expected}
\`\`\`
`;

describe('a race in a document', () => {
  test('is checked in every order', () => {
    expect(checkDocument(document('sometimes STALE'), AROUND).findings).toEqual([]);
    expect(checkDocument(document('never STALE'), AROUND).findings).toEqual([
      expect.objectContaining({
        line: 15,
        about: 'expectation',
        what: 'race',
        expected: ['never STALE'],
        actual: ['STALE gfn 0x80000'],
      }),
    ]);
  });
});
