import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluate, isProblem } from '../../src/expressions';
import { contextAfter } from './evaluation-context';

const guide = readFileSync(new URL('../../docs/debugging.md', import.meta.url), 'utf8');

/** The expressions in the first column of the table of expressions. */
function documented(): readonly string[] {
  const [, section] = guide.split('\n## Expressions\n');
  const table = section!.split('\n## ')[0]!.split('\n');
  const cells = table.filter((line) => line.startsWith('| `')).map((line) => line.split(' | ')[0]!);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!));
}

const context = contextAfter(
  `vm sev-snp
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
slot 1 gpa 0x90000000 size 1M gmem A offset 2M
convert gpa 0x90000000 size 1M private
launch-update gpa 0x90000000 size 8K
launch-finish
fault vcpu 0 read gpa 0x90000000 private
`,
  { gfns: { start: 0x90000, end: 0x90002 }, offset: 0x1ff000n },
);

describe('the expressions of the guide', () => {
  it('are found', () => expect(documented().length).toBeGreaterThan(25));

  it.each(documented())('%s', (text) => {
    const value = evaluate(text, context);
    expect(isProblem(value) && value.problem).toBe(false);
  });
});
