import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/exit';
import { test as testCommand } from '../../src/cli/test-command';
import { type Folder, makeFolder } from './folder';
import { capturedStdout } from './scratch';

const SETUP = `vm sw-protected
gmem A size 64K
slot 0 gfn 0x100..0x108 gmem A pgoff 8
convert gfn 0x100..0x108 private
fault vcpu 0 read gfn 0x100
`;
const HOLE = 'punch A pgoff 8..10';

let folder: Folder;
const stdout = capturedStdout();

beforeEach(() => {
  folder = makeFolder();
});

afterEach(() => {
  folder.remove();
});

/** What was printed, with the folder's name left out. */
function printed(): string {
  return folder.without(stdout.text);
}

const PLAIN = ['--color', 'never'];

describe('gmemscope test', () => {
  it('passes where everything is as expected', async () => {
    folder.file('a.gmem', `${SETUP}${HOLE} => zapped slot 0 gfn 0x100, flush # fine\n`);
    folder.file('sub/b.gmem', `${SETUP}${HOLE}\n`);
    expect(await testCommand([folder.path, ...PLAIN])).toBe(0);
    expect(printed()).toBe(
      'ok    a.gmem (1 expectation)\nok    sub/b.gmem (no expectations)\n2 passed, 0 failed\n',
    );
  });

  it('shows the expectation and the outcome', async () => {
    const hole = folder.file('a.gmem', `${SETUP}${HOLE} => zapped slot 0 gfn 0x101, no flush\n`);
    expect(await testCommand([hole, ...PLAIN])).toBe(1);
    expect(printed()).toBe(
      [
        'FAIL  a.gmem',
        '      a.gmem:6: punch A pgoff 8..10',
        '        - zapped slot 0 gfn 0x101',
        '        + zapped slot 0 gfn 0x100',
        '        - no flush',
        '        + flush',
        '0 passed, 1 failed\n',
      ].join('\n'),
    );
  });

  it('counts each scenario of a file', async () => {
    const several = folder.file(
      'a.gmem',
      `${SETUP}scenario "hole" { ${HOLE} => flush }\nscenario "close" { close A => no flush }\n`,
    );
    expect(await testCommand([several, ...PLAIN])).toBe(1);
    expect(printed()).toContain('ok    a.gmem: hole (1 expectation)\nFAIL  a.gmem: close\n');
    expect(printed()).toContain('1 passed, 1 failed');
  });

  it('rewrites expectations that are not met, and nothing else', async () => {
    const text = `${SETUP}${HOLE}   =>   no flush # why\nclose   A\n`;
    const hole = folder.file('a.gmem', text);
    expect(await testCommand(['--update', hole, ...PLAIN])).toBe(0);
    expect(readFileSync(hole, 'utf8')).toBe(text.replace('=>   no flush', '=> flush'));
    expect(printed()).toContain('1 expectation updated\n1 passed, 0 failed');
  });

  it('keeps a byte order mark when it rewrites', async () => {
    const text = `\uFEFF${SETUP}${HOLE} => no flush\n`;
    const hole = folder.file('a.gmem', text);
    expect(await testCommand(['--update', hole, ...PLAIN])).toBe(0);
    expect(readFileSync(hole, 'utf8')).toBe(text.replace('no flush', 'flush'));
  });

  it('adds expectations where there is news', async () => {
    const hole = folder.file('a.gmem', `${SETUP}${HOLE} # the hole\n`);
    expect(await testCommand(['--add', hole, ...PLAIN])).toBe(0);
    expect(readFileSync(hole, 'utf8').split('\n').slice(1)).toEqual([
      'gmem A size 64K',
      'slot 0 gfn 0x100..0x108 gmem A pgoff 8',
      'convert gfn 0x100..0x108 private',
      'fault vcpu 0 read gfn 0x100 => mapped 4K gfn 0x100 rwx',
      `${HOLE} => zapped slot 0 gfn 0x100, freed A page 0x8, flush # the hole`,
      '',
    ]);
    expect(await testCommand([hole, ...PLAIN])).toBe(0);
  });

  it('adds what was read once a value was written, and leaves no blank behind an expectation', async () => {
    const access = (words: string) => `fault vcpu 0 ${words} gpa 0x80000000`;
    const text = (mapped: string, reads: string, zero: string) =>
      [
        'vm default',
        'slot 0 gpa 0x80000000 size 1M',
        `prefault vcpu 0 gpa 0x80000000 size 4K${mapped}`,
        access('read'),
        `${access('write')} value 0x1234 => ok`,
        `${access('read')}${reads}`,
        `fault vcpu 0 read gpa 0x80000008${zero}`,
        '',
      ].join('\n');
    const file = folder.file('a.gmem', text(' \t', '  ', '\t# behind it'));
    expect(await testCommand(['--add', file, ...PLAIN])).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(
      text(' => mapped 4K gfn 0x80000 r-x', ' => read 0x1234', ' => read 0x0\t# behind it'),
    );
    expect(await testCommand([file, ...PLAIN])).toBe(0);
  });

  it.each(['ok', 'EINVAL', 'EBADF'])(
    'does not rewrite what scenarios share and do differently: %s',
    async (expectation) => {
      const text = [
        `gmem A size 4M mmap => ${expectation}`,
        'scenario "new" { kernel linux-7.3 }',
        'scenario "old" { kernel linux-6.12 }',
      ].join('\n');
      const shared = folder.file('a.gmem', text);
      expect(await testCommand(['--update', shared, ...PLAIN])).toBe(1);
      expect(printed()).toContain('line 1 has different outcomes in the scenarios that share it');
      expect(readFileSync(shared, 'utf8')).toBe(text);
    },
  );

  it('fails for a file with errors, and goes on with the next', async () => {
    folder.file('a.gmem', 'punch');
    folder.file('b.gmem', SETUP);
    expect(await testCommand([folder.path, ...PLAIN])).toBe(1);
    expect(printed()).toContain('FAIL  a.gmem\n      a.gmem:1:1: error: ');
    expect(printed()).toContain('1 passed, 1 failed');
  });

  it('takes patterns, and says where nothing matches', async () => {
    folder.file('a.gmem', SETUP);
    folder.file('b.txt', SETUP);
    expect(await testCommand([`${folder.path}/*.gmem`, ...PLAIN])).toBe(0);
    expect(printed()).toContain('1 passed, 0 failed');
    await expect(testCommand([`${folder.path}/nothing/*.gmem`])).rejects.toThrow(
      'no scenario matches the pattern',
    );
    await expect(testCommand(['--format', 'html', folder.path])).rejects.toThrow(UsageError);
  });

  it('writes TAP', async () => {
    folder.file('a.gmem', `${SETUP}scenario "#1" { ${HOLE} => no flush }`);
    folder.file('b.gmem', SETUP);
    const report = path.join(folder.path, 'report.tap');
    expect(await testCommand(['--format', 'tap', '--output', report, folder.path])).toBe(1);
    expect(folder.without(readFileSync(report, 'utf8'))).toBe(
      [
        'TAP version 14',
        '1..2',
        'not ok 1 - a.gmem: \\#1',
        '  ---',
        '  message: |',
        '    a.gmem:6: punch A pgoff 8..10',
        '      - no flush',
        '      + flush',
        '  ...',
        'ok 2 - b.gmem',
        '',
      ].join('\n'),
    );
  });

  it('writes JUnit XML', async () => {
    folder.file('a.gmem', `${SETUP}scenario "<&\u0007>" { ${HOLE} => no flush }`);
    expect(await testCommand(['--format', 'junit', folder.path])).toBe(1);
    expect(printed()).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites name="gmemscope">',
        '  <testsuite name="a.gmem" tests="1" failures="1">',
        '    <testcase name="a.gmem: &lt;&amp;&gt;" classname="a.gmem" file="a.gmem" line="6">',
        '      <failure message="a.gmem:6: punch A pgoff 8..10">a.gmem:6: punch A pgoff 8..10',
        '  - no flush',
        '  + flush</failure>',
        '    </testcase>',
        '  </testsuite>',
        '</testsuites>',
        '',
      ].join('\n'),
    );
  });
});
