import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/commands';
import { compare } from '../../src/cli/compare-command';
import { render } from '../../src/cli/render';
import { test } from '../../src/cli/test-command';
import { schemaErrors } from '../generators/json-schema';
import { capturedConsole, capturedStdout, scratchFolder } from './scratch';

const root = path.resolve(import.meta.dirname, '../..');
const EXAMPLES = globSync('examples/**/*.gmem', { cwd: root }).sort();

const { folder, scenario } = scratchFolder();
const { out } = capturedConsole();
const stdout = capturedStdout();

describe('the published schema has what the commands print', () => {
  it.each(EXAMPLES)('of %s', async (name) => {
    const file = path.join(root, name);
    await run(['--json', file]);
    const lines = stdout.text.trim().split('\n');
    stdout.text = '';
    for (const line of lines) expect(schemaErrors('run', JSON.parse(line)), line).toEqual([]);
    await compare(['--json', file]);
    for (const line of out.splice(0)) expect(schemaErrors('compare', JSON.parse(line)), line).toEqual([]);
    await render(['--json', file]);
    expect(schemaErrors('render', JSON.parse(stdout.text))).toEqual([]);
  });

  it('of `test`, for files with failed expectations and errors, and one that is no text', async () => {
    const hole = `vm sw-protected
gmem A size 64K
slot 0 gpa 1M size 64K gmem A offset 0
fault vcpu 0 read gpa 1M => EFAULT
scenario "one" { close A }
scenario "two" { close A => freed A page 3 }
`;
    writeFileSync(path.join(folder, 'latin1.gmem'), Uint8Array.of(0x23, 0xe9));
    const files = [
      scenario('fails.gmem', hole),
      scenario('wrong.gmem', 'gmem A\npunch B offset 0 size 4K\n'),
      path.join(folder, 'latin1.gmem'),
      scenario('passes.gmem', 'gmem A size 4K => ok\n'),
    ];
    expect(await test(['--json', ...files])).toBe(1);
    const record = JSON.parse(stdout.text);
    expect(schemaErrors('test', record)).toEqual([]);
    expect(record).toMatchObject({ version: 1, passed: 1, failed: 4, updated: 0 });
    const [fails, wrong, latin1] = record.files;
    expect(fails.scenarios[1]).toMatchObject({
      scenario: 'two',
      failed: [{ line: 4 }, { line: 6, statement: 'close', outcome: { result: 'ok' } }],
    });
    expect(fails.scenarios[1].failed[1].outcome.failedExpectations[0]).toMatchObject({ kind: 'freed' });
    expect(wrong.errors[0]).toMatchObject({ line: 1, code: expect.stringMatching(/^G\d+$/) });
    expect(Object.keys(latin1.errors[0])).toEqual(['message']);
  });

  it('and no more: a key or a word that it does not have is refused', () => {
    const record = {
      ...{ version: 1, file: 'a.gmem', line: 1, statement: 'punch', vm: 0, verdicts: [], result: 'ok' },
      ...{ faults: [], sptes: [], flush: false },
    };
    expect(schemaErrors('run', record)).toEqual([]);
    expect(schemaErrors('run', { ...record, version: 2 })).not.toEqual([]);
    expect(schemaErrors('run', { ...record, verdicts: ['STALEMATE'] })).not.toEqual([]);
    expect(schemaErrors('run', { ...record, zaps: [] })).not.toEqual([]);
    expect(schemaErrors('run', { ...record, faults: [['0x1000']] })).not.toEqual([]);
    expect(schemaErrors('run', { ...record, skipped: ['0'] })).not.toEqual([]);
  });
});
