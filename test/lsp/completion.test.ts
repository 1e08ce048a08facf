import { describe, expect, test } from 'vitest';
import type { CompletionItem, CompletionList } from 'vscode-languageserver';
import { snippetsOf, statementSpec } from '../../src/language';
import { openMarked } from './client';

const SNIPPETS = { textDocument: { completion: { completionItem: { snippetSupport: true } } } };
const HEAD =
  'vm sw-protected vcpus 2\ngmem A size 4M\ngmem B size 2M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\n';

const LETS = 'let base = 0x80000000\nlet length = 2M\n';

async function complete(marked: string, capabilities: object = SNIPPETS): Promise<CompletionItem[]> {
  const { client, params } = await openMarked(marked, capabilities);
  const list = await client.connection.sendRequest<CompletionList>('textDocument/completion', params);
  client.dispose();
  return list.items;
}

async function labels(marked: string): Promise<string[]> {
  return (await complete(marked)).map(({ label }) => label);
}

describe('completion', () => {
  test.each([
    ['files that are there', `${HEAD}punch |`, ['A', 'B']],
    ['files above the place only', 'punch |\ngmem A size 4M', []],
    ['what comes next, in bytes or in pages', `${HEAD}punch A |`, ['offset', 'pgoff']],
    ['an offset', `${HEAD}punch A offset |`, ['0', '4K', '64K', '2M', '4M']],
    ['slots', `${HEAD}delete slot |`, ['0']],
    ['a free slot id', `${HEAD}slot |`, ['1', '0']],
    ['vCPUs', `${HEAD}fault vcpu |`, ['0', '1']],
    ['read or write', `${HEAD}fault vcpu 0 |`, ['read', 'write', 'exec']],
    ['addresses of slots', `${HEAD}fault vcpu 0 read gpa |`, ['0x80000000']],
    ['VM types', 'vm |', ['default', 'sw-protected', 'sev-snp', 'tdx']],
    ['variants of the knob', 'kernel linux-7.3 with retry-check |', ['on', 'off']],
    ['a word begun', `${HEAD}fault vcpu 0 re|`, ['read', 'write', 'exec']],
    ['nothing for a word that is complete', `${HEAD}fault vcpu 0 read|`, []],
    ['nothing for a name that is complete', `${HEAD}close A|`, []],
    ['nothing for a number begun', `${HEAD}punch A offset 0 size 4|`, []],
    ['nothing in a comment', `${HEAD}# punch |`, []],
    ['slots of the VM at hand only', `${HEAD}vm sev-snp\ndelete slot |`, []],
    ['slots of the VM that is switched to', `${HEAD}vm sev-snp\nswitch vm 0\ndelete slot |`, ['0']],
    ['vCPUs of the VM at hand', `${HEAD}vm sev-snp\nfault vcpu |`, ['0']],
    ['VMs that are there', `${HEAD}vm sev-snp\nswitch vm |\nvm tdx`, ['0', '1']],
    [
      'private or shared',
      'vm sev-snp\nfault vcpu 0 read gpa 0 |',
      ['private', 'shared', 'at-vmpl', 'value', '=> exit fail-entry', '=>', 'until', 'as'],
    ],
    ['a slot or a file', `${HEAD}host write |`, ['slot', 'A', 'B']],
    ['a privilege level', 'vm sev-snp\nrmpquery vcpu 0 gpa 0 vmpl |', ['1', '2', '3']],
    [
      'the privilege level of the vCPU',
      'vm sev-snp\nrmpquery vcpu 0 gpa 0 vmpl 2 at-vmpl |',
      ['0', '1', '2', '3'],
    ],
    ['no name for a new file', 'gmem |', []],
  ])('%s', async (_what, marked, expected) => {
    expect(await labels(marked)).toEqual(expected);
  });

  test('options come before the next statement, which starts on a line of its own', async () => {
    expect(await labels('gmem A size 4M |')).toEqual([
      'mmap',
      'init-shared',
      'huge',
      '=> ok',
      '=>',
      'until',
      'as',
    ]);
    const found = await labels('gmem A size 4M\n|');
    expect(found.slice(0, 4)).toEqual(['mmap', 'init-shared', 'huge', 'kernel']);
  });

  test('kernels and knobs', async () => {
    expect(await labels('kernel |')).toContain('linux-6.12');
    expect(await labels('kernel linux-7.3 with |')).toContain('range-math');
  });

  test.each([
    ['in the place of a number', `${LETS}gmem A size |`, ['4K', '64K', '2M', '4M', '1G', 'base', 'length']],
    ['begun', `${LETS}gmem A size le|`, ['base', 'length']],
    ['in arithmetic', `${LETS}let end = base + |`, ['base', 'length']],
    ['of a constant', `${LETS}let end = |`, ['base', 'length']],
    ['in expectations', `${LETS}gmem A size 4K => zapped slot 0 gfn |`, ['base', 'length']],
    ['above the place only', 'gmem A size |\nlet base = 4K', ['4K', '64K', '2M', '4M', '1G']],
    [
      'not of the block of another scenario',
      'scenario "a" { let n = 1 }\nscenario "b" { let m = 1 let k = |',
      ['m'],
    ],
    ['not in the place of a name', `${LETS}punch |`, []],
  ])('constants %s', async (_what, marked, expected) => {
    expect(await labels(marked)).toEqual(expected);
  });

  test('files and slots of other scenarios are not there', async () => {
    const text = 'gmem A size 4K\nscenario "a" { gmem B size 4K }\nscenario "b" { gmem C size 4K close |';
    expect(await labels(text)).toEqual(['A', 'C']);
  });

  test('constants and scenarios, with what they are worth and what goes into them', async () => {
    const [base] = (await complete(`${LETS}let end = |`)).filter(({ label }) => label === 'base');
    expect(base).toMatchObject({ detail: '0x80000000 = 0x80000000' });
    const items = await complete('vm default\n|');
    expect(items.find(({ label }) => label === 'scenario')?.textEdit?.newText).toContain('{\n\t$0\n}');
    expect(items.find(({ label }) => label === 'let')?.textEdit?.newText).toBe(
      snippetsOf(statementSpec('let')!)[0]!.body,
    );
  });

  test('labels for pages are snippets too', async () => {
    const items = await complete(`${HEAD}punch A |`);
    expect(items.map(({ textEdit }) => textEdit?.newText)).toEqual([
      expect.stringMatching(/^offset .+0/),
      expect.stringMatching(/^pgoff .+0/),
    ]);
  });

  test('a statement is a snippet that replaces the word being written', async () => {
    const slot = (await complete('vm default\nslo|')).find(({ label }) => label === 'slot … gmem');
    expect(slot).toMatchObject({
      insertTextFormat: 2,
      textEdit: {
        newText: snippetsOf(statementSpec('slot')!)[1]!.body,
        range: { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } },
      },
    });
    expect(JSON.stringify(slot!.documentation)).toContain('kvm_set_memory_region');
  });

  test.each([
    ['a file is unbound', 'gmem A size 4M\ngmem B size 4M\nslot 0 gpa 0 size 4M gmem B offset 0\nsl|', 'A'],
    ['the statement above could continue', 'gmem A size 4M\nsl|', 'A'],
    [
      'a file is made again',
      'gmem A size 4M\nslot 0 gpa 0 size 4M gmem A offset 0\nclose A\ngmem A size 4M\nsl|',
      'A',
    ],
    [
      'only another scenario binds it',
      'gmem A size 4M\nscenario "a" { slot 0 gpa 0 size 4M gmem A offset 0\n}\nscenario "b" {\nsl|\n}',
      'A',
    ],
  ])('`sl` offers the form that binds a file first where %s', async (_what, marked, file) => {
    const found = (await complete(marked)).filter(({ label }) => label.startsWith('slot'));
    expect(found.map(({ label, preselect }) => [label, preselect])).toEqual([
      ['slot … gmem', true],
      ['slot', undefined],
    ]);
    expect(found[0]!.textEdit!.newText).toContain('gmem ${4:'.concat(file, '} offset'));
  });

  test.each([
    ['there is no file', 'vm default\nsl|'],
    ['every file is bound', 'gmem A size 4M\nslot 0 gpa 0 size 4M gmem A offset 0\nsl|'],
  ])('`sl` offers the plain form first where %s', async (_what, marked) => {
    const found = (await complete(marked)).filter(({ label }) => label.startsWith('slot'));
    expect(found.map(({ label, preselect }) => [label, preselect])).toEqual([
      ['slot', undefined],
      ['slot … gmem', undefined],
    ]);
  });

  test('an editor without snippets gets the word', async () => {
    const items = await complete('|', {});
    expect(items.find(({ label }) => label === 'slot … gmem')).toMatchObject({
      insertTextFormat: 1,
      textEdit: { newText: 'slot' },
    });
  });
});

describe('completion behind an arrow', () => {
  const RUN = `${HEAD}convert gpa 0x80000000 size 2M private
prefault vcpu 0 gpa 0x80000000 size 16K
`;
  const HAPPENS = 'zapped slot 0 gfn 0x80000..0x80002, freed A pages 0x0..0x2, flush';

  test('what happens comes first, whole and expectation by expectation, then the words of expectations', async () => {
    const items = await complete(`${RUN}punch A offset 0 size 8K => |`);
    expect(items.slice(0, 6).map(({ label }) => label)).toEqual([
      HAPPENS,
      'zapped slot 0 gfn 0x80000..0x80002',
      'freed A pages 0x0..0x2',
      'flush',
      'exit',
      'zapped',
    ]);
    const found = items.map(({ label }) => label);
    expect(found.filter((label) => label === 'flush')).toHaveLength(1);
    expect(found.indexOf('ok')).toBeGreaterThan(found.indexOf('WARN'));
    expect(items[0]).toMatchObject({ detail: 'the outcome here', textEdit: { newText: HAPPENS } });
    const exit = items.find(({ label }) => label === 'exit');
    expect(exit).toMatchObject({ detail: expect.stringContaining('exit mmio read|write [gpa GPA]') });
  });

  test('and even before it is typed', async () => {
    expect((await labels(`${RUN}punch A offset 0 size 8K |`)).slice(0, 2)).toEqual([`=> ${HAPPENS}`, '=>']);
  });

  test('right behind the arrow with the space that is missing', async () => {
    const [first] = await complete(`${RUN}punch A offset 0 size 8K =>|`);
    expect(first!.textEdit!.newText).toBe(` ${HAPPENS}`);
  });

  test.each([
    [
      'what is not expected yet',
      'punch A offset 0 size 8K => flush, |',
      ['zapped slot 0 gfn 0x80000..0x80002', 'freed A pages 0x0..0x2', 'exit'],
    ],
    [
      'an expectation begun',
      'punch A offset 0 size 8K => zap|',
      [HAPPENS, 'zapped slot 0 gfn 0x80000..0x80002', 'freed A pages 0x0..0x2'],
    ],
    ['words inside', 'punch A offset 0 size 8K => zapped |', ['nothing', 'all', 'slot', 'gfn']],
    [
      'the slot that loses something, and others',
      'slot 1 gpa 0 size 4K\npunch A offset 0 size 8K => zapped slot |',
      ['0', '1'],
    ],
    ['gfns that go', 'punch A offset 0 size 8K => zapped slot 0 gfn |', ['0x80000..0x80002']],
    ['files', 'punch A offset 0 size 8K => freed |', ['nothing', 'A', 'B']],
    ['pages', 'punch A offset 0 size 8K => freed A pages |', ['0x0..0x2']],
    ['rights', 'fault vcpu 0 read gpa 0x80100000 => mapped gfn 0x80100 |', ['rwx', 'r-x']],
    ['where the vCPU leaves', 'fault vcpu 0 read gpa 0 => exit mmio read gpa |', ['0x0']],
    [
      'ways to leave',
      'fault vcpu 0 read gpa 0 => exit |',
      ['memory-fault', 'mmio', 'hypercall', 'internal-error', 'fail-entry'],
    ],
    ['the step of a suspended call', 'punch A offset 0 size 8K until PH3 as hole => suspended at |', ['PH3']],
    [
      'the lock of a blocked call',
      'punch A offset 0 size 8K until PH3 as hole\nallocate A offset 0 size 4K => blocked on |',
      ['invalidate_lock'],
    ],
    ['nothing for a number begun', 'punch A offset 0 size 8K => zapped slot 0 gfn 0x8|', []],
  ])('%s', async (_what, statement, expected) => {
    expect((await labels(RUN + statement)).slice(0, 3)).toEqual(expected.slice(0, 3));
  });

  const TDX = `vm tdx
gmem A size 2M
slot 0 gpa 1G size 2M gmem A offset 0
convert gpa 1G size 1M private
fault vcpu 0 write gpa 0x40100000 shared
prefault vcpu 0 gpa 1G size 4K
`;

  test.each([
    ['gfns of the root that is written', 'close A => zapped slot 0 mirror gfn |', ['0x40000']],
    ['gfns of either root', 'delete slot 0 => zapped slot 0 gfn |', ['0x40000', '0x40100']],
    ['roots', 'delete slot 0 => STALE |', ['nothing', 'mirror', 'direct', 'gfn', 'gpa']],
  ])('of a TDX guest: %s', async (_what, statement, expected) => {
    expect((await labels(TDX + statement)).slice(0, expected.length)).toEqual(expected);
  });

  test('no roots, if a VM has only one kind', async () => {
    expect(await labels(`${RUN}punch A offset 0 size 8K => STALE |`)).toEqual(['nothing', 'gfn', 'gpa']);
  });

  test('what each of several scenarios does', async () => {
    const text = `${RUN}punch A offset 0 size 8K => |
scenario "new" { kernel linux-7.3 }
scenario "filtered" { kernel linux-7.3 with unbind-zap off }
scenario "old" { kernel linux-6.12 with gmem-invalidate always }
`;
    expect((await labels(text))[0]).toBe(HAPPENS);
  });
});
