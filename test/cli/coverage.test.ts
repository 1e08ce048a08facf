import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { coverageOption } from '../../src/cli/coverage';
import { UsageError } from '../../src/cli/exit';
import { test as testCommand } from '../../src/cli/test-command';
import { schemaErrors } from '../generators/json-schema';
import { type Folder, makeFolder } from './folder';
import { capturedStdout } from './scratch';

let folder: Folder;
const stdout = capturedStdout();

beforeEach(() => {
  folder = makeFolder();
});

afterEach(() => {
  folder.remove();
});

const TRUNCATE = 'gmem A size 64K\ntruncate A size 4K => EINVAL\ntruncate A size 8K => EINVAL\n';

/** Tests scenarios, and returns lcov.info without the name of the folder. */
async function lcovOf(...args: readonly string[]): Promise<string> {
  const target = path.join(folder.path, 'out');
  await testCommand([...args, `--coverage=${target}`, '--color', 'never']);
  return folder.without(readFileSync(path.join(target, 'lcov.info'), 'utf8'));
}

/** The records of procedures that a scenario entered. */
function entered(lcov: string): string {
  const records = lcov.split(/(?<=^end_of_record\n)/m);
  return records.filter((record) => !/^FNDA:0,/m.test(record)).join('');
}

const SOURCE = 'SF:out/linux-7.3/virt/kvm';

describe('gmemscope test --coverage', () => {
  it('writes how often each step ran', async () => {
    const lcov = await lcovOf(folder.file('a.gmem', TRUNCATE));
    expect(entered(lcov)).toBe(
      [
        ...['TN:', `${SOURCE}/kvm_main.c/ioctl-KVM_CREATE_GUEST_MEMFD.gmem-listing`],
        ...['FN:6,ioctl(KVM_CREATE_GUEST_MEMFD)', 'FNDA:1,ioctl(KVM_CREATE_GUEST_MEMFD)', 'FNF:1', 'FNH:1'],
        ...['DA:6,1', 'DA:7,1', 'LF:2', 'LH:2', 'end_of_record'],
        ...['TN:', `${SOURCE}/guest_memfd.c/kvm_gmem_create.gmem-listing`],
        ...['FN:6,kvm_gmem_create', 'FNDA:1,kvm_gmem_create', 'FNF:1', 'FNH:1'],
        ...['DA:6,1', 'DA:7,1', 'DA:8,1', 'LF:3', 'LH:3', 'end_of_record'],
        ...['TN:', 'SF:out/linux-7.3/fs/open.c/ftruncate-2.gmem-listing'],
        ...['FN:6,ftruncate(2)', 'FNDA:2,ftruncate(2)', 'FNF:1', 'FNH:1'],
        ...['DA:6,2', 'LF:1', 'LH:1', 'end_of_record', ''],
      ].join('\n'),
    );
  });

  it('writes the listings that lcov.info names: the lines are those of the steps', async () => {
    const lcov = await lcovOf(folder.file('a.gmem', TRUNCATE));
    const sources = [...lcov.matchAll(/^SF:(.*)\n(?:.*\n)*?(?:LF:)/gm)];
    expect(sources.length).toBeGreaterThan(40);
    for (const [record, source] of sources) {
      const lines = readFileSync(path.join(folder.path, source!), 'utf8').split('\n');
      for (const [, line] of record.matchAll(/^DA:(\d+),/gm))
        expect(lines[Number(line) - 1]).toMatch(/^\w+ +\S/);
    }
  });

  it('prints a summary of each profile, in text and as comments of TAP', async () => {
    const kernels = ['linux-6.12', 'linux-7.3', 'linux-7.3 with retry-check off'];
    const blocks = kernels.map((kernel, at) => `scenario "${at}" { kernel ${kernel} gmem A size 64K }`);
    const file = folder.file('a.gmem', blocks.join('\n'));
    await lcovOf(file);
    expect(stdout.text).toMatch(
      /passed, 0 failed\nlinux-7\.3: 5 of \d+ steps\nlinux-6\.12: 5 of \d+ steps\n$/,
    );
    stdout.text = '';
    await lcovOf('--format', 'tap', file);
    expect(stdout.text).toMatch(/^# linux-7\.3: 5 of \d+ steps\n# linux-6\.12/m);
  });

  it('is in the JSON, with what no scenario reached', async () => {
    await lcovOf('--json', folder.file('a.gmem', TRUNCATE));
    const record = JSON.parse(stdout.text);
    expect(schemaErrors('test', record)).toEqual([]);
    const [{ kernel, steps, reached, missing }] = record.coverage;
    expect([kernel, reached, missing.length]).toEqual(['linux-7.3', 6, steps - 6]);
    expect(missing).toContainEqual({
      procedure: 'kvm_gmem_punch_hole',
      label: 'PH4',
      text: 'let faults map the range again',
    });
    stdout.text = '';
    await testCommand(['--json', folder.path]);
    expect(JSON.parse(stdout.text)).not.toHaveProperty('coverage');
  });

  it('counts nothing of a file that has errors', async () => {
    expect(await lcovOf(folder.file('a.gmem', 'gmem A\n'))).toBe('');
  });

  it('counts what the updated scenario does, once', async () => {
    const file = folder.file('a.gmem', TRUNCATE.replace('EINVAL', 'ok'));
    expect(await lcovOf('--update', file)).toContain('FNDA:2,ftruncate(2)');
    expect(readFileSync(file, 'utf8')).toBe(TRUNCATE);
  });

  it('has a further listing for a choice of knobs that changes the steps', async () => {
    const kernel = 'kernel linux-7.3 with punch-truncate byte-beyond\n';
    const files = [folder.file('a.gmem', TRUNCATE), folder.file('b.gmem', kernel + TRUNCATE)];
    const lcov = await lcovOf(...files);
    const others = lcov.match(/^SF:.*-with-.*$/gm);
    expect(others).toEqual([
      'SF:out/linux-7.3-with-punch-truncate-byte-beyond/virt/kvm/guest_memfd.c/kvm_gmem_punch_hole.gmem-listing',
    ]);
    expect(lcov).toContain('FNDA:4,ftruncate(2)');
  });
});

describe('the option --coverage', () => {
  it.each([
    [['a.gmem'], null, ['a.gmem']],
    [['--coverage', 'a.gmem'], 'coverage', ['a.gmem']],
    [['a.gmem', '--coverage=out/x', '--json'], 'out/x', ['a.gmem', '--json']],
    [['--coverage', '--coverage=out', 'a.gmem'], 'out', ['a.gmem']],
    [['--', '--coverage'], null, ['--', '--coverage']],
    [['--coverages', 'a.gmem'], null, ['--coverages', 'a.gmem']],
  ] as const)('of %j', (args, named, others) => {
    expect(coverageOption(args)).toEqual({ folder: named, others });
  });

  it('refuses a file, before anything runs', async () => {
    const file = folder.file('a.gmem', TRUNCATE);
    const other = folder.file('b.txt', '');
    await expect(testCommand([file, `--coverage=${other}`])).rejects.toThrow(
      `${other} is a file; name a folder`,
    );
    expect(stdout.text).toBe('');
  });

  it('needs a folder behind its =', async () => {
    expect(() => coverageOption(['--coverage=', 'a.gmem'])).toThrow(UsageError);
    await expect(testCommand(['--coverages', folder.file('a.gmem', TRUNCATE)])).rejects.toThrow(UsageError);
    expect(existsSync(path.join(folder.path, 'coverage'))).toBe(false);
  });
});
