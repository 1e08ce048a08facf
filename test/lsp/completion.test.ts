import { describe, expect, test } from 'vitest';
import type { CompletionItem, CompletionList } from 'vscode-languageserver';
import { snippetsOf, statementSpec } from '../../src/language';
import { openMarked } from './client';

const SNIPPETS = { textDocument: { completion: { completionItem: { snippetSupport: true } } } };
const HEAD =
  'vm sw-protected vcpus 2\ngmem A size 4M\ngmem B size 2M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\n';

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
    ['what comes next', `${HEAD}punch A |`, ['offset']],
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
    ['private or shared', 'vm sev-snp\nfault vcpu 0 read gpa 0 |', ['private', 'shared', 'at-vmpl']],
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
    expect(await labels('gmem A size 4M |')).toEqual(['mmap', 'init-shared', 'huge']);
    const found = await labels('gmem A size 4M\n|');
    expect(found.slice(0, 4)).toEqual(['mmap', 'init-shared', 'huge', 'kernel']);
  });

  test('kernels and knobs', async () => {
    expect(await labels('kernel |')).toContain('linux-6.12');
    expect(await labels('kernel linux-7.3 with |')).toContain('range-math');
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

  test('an editor without snippets gets the word', async () => {
    const items = await complete('|', {});
    expect(items.find(({ label }) => label === 'slot … gmem')).toMatchObject({
      insertTextFormat: 1,
      textEdit: { newText: 'slot' },
    });
  });
});
