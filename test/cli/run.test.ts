import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnWidth, run } from '../../src/cli/commands';
import { UsageError } from '../../src/cli/exit';
import { capturedConsole, scratchFolder } from './scratch';

const { folder, scenario } = scratchFolder();
const { out, err } = capturedConsole();

const HOLE = `vm sw-protected
gmem A size 64K
slot 0 gpa 1M size 32K gmem A offset 32K
convert gpa 1M size 32K private
fault vcpu 0 read gpa 1M
punch A offset 32K size 4K
`;

describe('gmemscope run', () => {
  it('prints each statement with what it did', async () => {
    expect(await run([scenario('hole.gmem', HOLE), '--color', 'never'])).toBe(0);
    expect(err).toEqual([]);
    expect(out.at(-1)).toBe(
      '   6  punch A offset 32K size 4K                zapped slot 0 gfn 0x100 · freed A page 0x8 · flush',
    );
    expect(out.length).toBe(5);
  });

  it('prints JSON, a line for each statement but kernel and vm', async () => {
    const file = scenario('json.gmem', HOLE);
    expect(await run(['--json', file])).toBe(0);
    const records = out.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ line, statement }) => [line, statement])).toEqual([
      [2, 'gmem'],
      [3, 'slot'],
      [4, 'convert'],
      [5, 'fault'],
      [6, 'punch'],
    ]);
    expect(records.at(-1)).toEqual({
      version: 1,
      file,
      line: 6,
      statement: 'punch',
      vm: 0,
      verdicts: [],
      result: 'ok',
      faults: [],
      sptes: [['0x100', 1, 'rwxad', 'none']],
      flush: true,
      zapped: [{ slot: 0, leaves: [{ gfn: '0x100', pages: 1, level: 1 }], allRoots: false, beyond: false }],
      freed: [{ file: 'A', page: '0x8', pages: 1 }],
      lost: [{ slot: 0, leaves: [{ gfn: '0x100', pages: 1, level: 1 }] }],
    });
    expect(Object.keys(records[3]!)).toEqual([
      ...['version', 'file', 'line', 'statement', 'vm', 'verdicts', 'result'],
      ...['faults', 'sptes', 'flush', 'mapped', 'allocated'],
    ]);
  });

  it('colours only where it is asked to', async () => {
    await run([scenario('colour.gmem', HOLE), '--color', 'always']);
    expect(out[0]).toContain('\u001b[');
    out.length = 0;
    await run([scenario('colour.gmem', HOLE), '--color', 'never']);
    expect(out.join('')).not.toContain('\u001b[');
  });

  it('goes on after a statement that KVM refuses, and calls that no failure', async () => {
    const file = scenario('refused.gmem', 'gmem A size 5K\ngmem B size 4K\n');
    expect(await run([file, '--color', 'never'])).toBe(0);
    expect(out[0]).toContain('EINVAL');
    expect(out.length).toBe(2);
  });

  it('says where a scenario is wrong, as compilers do, and runs nothing of it', async () => {
    const file = scenario('wrong.gmem', 'gmem A size 4K\npunch B offset 0 size 4K\n');
    expect(await run([file, '--color', 'never'])).toBe(1);
    expect(err[0]).toMatch(/wrong\.gmem:2:7: error: .*B/);
    expect(out).toEqual([]);
  });

  it.each([
    ['a file that is not there', path.join(folder, 'absent.gmem'), /there is no such file/],
    ['a folder', folder, /it is a directory/],
  ])('says so of %s, and goes on with the next file', async (_, missing, message) => {
    expect(await run([missing, scenario('next.gmem', HOLE), '--color', 'never'])).toBe(1);
    expect(err[0]).toMatch(message);
    expect(err[0]?.startsWith(`${missing}: error: `)).toBe(true);
    expect(out.some((line) => line.includes('punch A'))).toBe(true);
  });

  it.each([
    ['nothing', [], 0],
    ['short statements', [7, 12, 3], 12],
    ['a long statement', [7, 61], 60],
    ['a million statements', Array.from({ length: 1_000_000 }, (_, at) => at % 40), 39],
  ])('finds the width of a column for %s', (_, lengths, width) => {
    expect(columnWidth(lengths)).toBe(width);
  });

  it('survives bytes that are no text', async () => {
    const file = path.join(folder, 'bytes.gmem');
    writeFileSync(
      file,
      Uint8Array.from({ length: 5000 }, (_, at) => (at * 37) % 256),
    );
    expect(await run([file, '--color', 'never'])).toBe(1);
    expect(err.length).toBeGreaterThan(0);
  });

  it.each([[[]], [['--frobnicate', 'x.gmem']], [['x.gmem', '--color', 'pink']]])(
    'refuses the command line %j',
    async (args) => {
      await expect(run(args)).rejects.toThrow(UsageError);
    },
  );
});
