import { describe, expect, it } from 'vitest';
import { analysisInPieces, analyze } from '../../src/language';

/** Shared statements above as many blocks. */
function text(shared: number, blocks: number): string {
  const lines = ['vm sw-protected', 'gmem A size 4M', 'slot 0 gpa 0 size 4M gmem A offset 0'];
  for (let at = 0; at < shared; at++) lines.push(`fault vcpu 0 read gfn ${at}`);
  for (let at = 0; at < blocks; at++) {
    lines.push(`scenario "number ${at}" {`, `  punch A pgoff ${at}..${at + 1}`, '}');
  }
  return lines.join('\n');
}

describe('statements that scenarios share', () => {
  it('are compiled once', () => {
    const { programs } = analyze(text(20, 30));
    const [first] = programs;
    const shared = first.statements.slice(0, -1);
    expect(shared.length).toBe(22);
    for (const { statements } of programs) {
      expect(statements.length).toBe(23);
      shared.forEach((statement, at) => {
        expect(statements[at]).toBe(statement);
      });
    }
  });

  it('are analysed in pieces, whose number grows with the text and not faster', () => {
    const piecesOf = (size: number) => [...analysisInPieces(text(size, size))].length;
    expect(piecesOf(800) / piecesOf(100)).toBeLessThan(8.5);
  });

  it('are not listed for each scenario before a list is asked for', () => {
    // As lists, they would be some 16 million statements.
    const { programs } = analyze(text(4000, 4000));
    expect(programs.length).toBe(4000);
    expect(programs.at(-1)!.statements.length).toBe(4003);
    expect(programs[17]!.statements.at(-1)!.statement.keyword).toBe('punch');
  });
});
