import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare } from '../../src/cli/compare-command';
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

/** Deletes the second slot of a default VM: in the order of SPTE changes, the kernels differ. */
const DELETE = `vm default
slot 0 gpa 1M size 4K
slot 1 gpa 8M size 4K
fault vcpu 0 write gpa 1M
delete slot 1
`;

function printed(): string {
  return out.join('\n').replaceAll(`${folder}/`, '');
}

const PLAIN = ['--color', 'never'];

describe('gmemscope compare', () => {
  it('takes the kernel of the scenario and the other real one, and finds no difference', async () => {
    expect(await compare([scenario('hole.gmem', HOLE), ...PLAIN])).toBe(0);
    expect(printed()).toBe('hole.gmem\n- linux-7.3\n+ linux-6.12\n0 of 5 statements differ');
  });

  it('shows what each does that the other does not', async () => {
    const file = scenario('hole.gmem', HOLE);
    expect(await compare(['--with', 'range-math', 'shifted', file, ...PLAIN])).toBe(1);
    expect(printed()).toBe(
      [
        'hole.gmem',
        '- linux-7.3',
        '+ linux-7.3 with range-math shifted',
        'hole.gmem:6: punch A offset 32K size 4K',
        '  - zapped slot 0 gfn 0x100',
        '  - flush',
        '  + STALE gfn 0x100: still mapped, to pages already freed',
        '1 of 5 statements differs',
      ].join('\n'),
    );
  });

  it('tells differences in nothing but order from others, and counts them where that is asked for', async () => {
    const file = scenario('delete.gmem', DELETE);
    expect(await compare([file, ...PLAIN])).toBe(0);
    expect(printed()).toContain('delete.gmem:5: delete slot 1 (only in the order of SPTE changes)\n0 of 4');
    expect(printed()).toContain('differ; 1 more only in the order of SPTE changes or in bits of SPTEs');
    out.length = 0;
    expect(await compare([file, '--exact', ...PLAIN])).toBe(1);
    expect(printed()).toContain('  - SPTE order: child-first\n  + SPTE order: parent-first\n1 of 4');
  });

  it.each([
    [[], ['linux-7.3 with unbind-zap off', 'linux-6.12']],
    [
      ['--kernel', 'linux-7.3'],
      ['linux-7.3 with unbind-zap off', 'linux-7.3'],
    ],
    [
      ['--with', 'retry-check', 'off'],
      ['linux-7.3 with unbind-zap off', 'linux-7.3 with unbind-zap off with retry-check off'],
    ],
    [
      ['--kernel', 'linux-6.12', '--kernel', 'rfc-2023-05'],
      ['linux-6.12', 'rfc-2023-05'],
    ],
    [
      [
        '--kernel=linux-7.3',
        '--kernel',
        'linux-7.3',
        '--with=retry-check',
        'off',
        '--with',
        'zap-filter',
        'matching',
      ],
      ['linux-7.3', 'linux-7.3 with retry-check off with zap-filter matching'],
    ],
  ])('compares what is asked for: %j', async (args, kernels) => {
    await compare([
      ...args,
      '--json',
      scenario('knob.gmem', `kernel linux-7.3 with unbind-zap off\n${DELETE}`),
    ]);
    expect(JSON.parse(out[0]!)).toMatchObject({ kernels });
  });

  it('prints JSON, a line for each statement with both outcomes', async () => {
    const file = scenario('json.gmem', `scenario "a hole" {\n${HOLE}}\n`);
    expect(await compare(['--json', '--with', 'range-math', 'shifted', file])).toBe(1);
    const records = out.map((line) => JSON.parse(line));
    expect(records.map(({ line, difference }) => [line, difference])).toEqual([
      [3, 'none'],
      [4, 'none'],
      [5, 'none'],
      [6, 'none'],
      [7, 'outcome'],
    ]);
    const zapped = [{ gfn: '0x100', pages: 1, level: 1 }];
    const freed = [{ file: 'A', page: '0x8', pages: 1 }];
    expect(records.at(-1)).toEqual({
      version: 1,
      file,
      scenario: 'a hole',
      line: 7,
      statement: 'punch',
      difference: 'outcome',
      kernels: ['linux-7.3', 'linux-7.3 with range-math shifted'],
      outcomes: [
        {
          ...{ vm: 0, verdicts: [], result: 'ok', faults: [], sptes: [['0x100', 1, 'rwxad', 'none']] },
          ...{ flush: true, freed, lost: [{ slot: 0, leaves: zapped }] },
          zapped: [{ slot: 0, leaves: zapped, allRoots: false, beyond: false }],
        },
        {
          ...{ vm: 0, verdicts: ['STALE'], result: 'ok', faults: [], sptes: [], flush: false, freed },
          stale: [{ gfn: '0x100', pages: 1, why: 'freed' }],
        },
      ],
    });
  });

  it('compares each scenario of each file, or the one that is named', async () => {
    const several = scenario(
      'several.gmem',
      `${HOLE}scenario "one" { close A }\nscenario "two" { close A }\n`,
    );
    expect(await compare([several, scenario('hole.gmem', HOLE), ...PLAIN])).toBe(0);
    expect(printed().match(/^\S+\.gmem.*$/gm)).toEqual([
      'several.gmem: one',
      'several.gmem: two',
      'hole.gmem',
    ]);
    out.length = 0;
    expect(await compare([several, '--scenario', 'two', ...PLAIN])).toBe(0);
    expect(printed()).toContain('several.gmem: two');
    expect(printed()).not.toContain('several.gmem: one');
  });

  it('goes on behind a file that has errors, or is not there', async () => {
    const files = [
      scenario('wrong.gmem', 'punch B\n'),
      path.join(folder, 'none.gmem'),
      scenario('hole.gmem', HOLE),
    ];
    expect(await compare([...files, ...PLAIN])).toBe(1);
    expect(err.join('\n')).toMatch(/wrong\.gmem:1:.* error: [\s\S]*none\.gmem: error: there is no such file/);
    expect(printed()).toContain('0 of 5');
  });

  it.each([
    [[], 'needs a .gmem file'],
    [['--with', 'range-math', 'shifted'], 'needs a .gmem file'],
    [['a.gmem', '--kernel', 'linux-6.11'], 'did you mean `linux-6.12`'],
    [['a.gmem', '--with', 'range-math', 'upside-down'], 'has no variant'],
    [['a.gmem', '--with', 'range-math'], 'a knob and a variant'],
    [['a.gmem', '--with', 'range-math', '--json'], 'a knob and a variant'],
    [['a.gmem', '--kernel', 'linux-7.3', '--kernel', 'linux-6.12', '--kernel', 'linux-7.3'], 'two kernels'],
    [['a.gmem', '--kernels'], '--kernels'],
  ])('refuses %j', async (args, why) => {
    await expect(compare(args)).rejects.toThrow(UsageError);
    await expect(compare(args)).rejects.toThrow(why);
  });
});
