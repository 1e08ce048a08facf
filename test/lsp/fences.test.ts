import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CompletionList, Hover } from 'vscode-languageserver';
import { applyEdits, indexLines, offsetAt } from '../../src/language';
import { type Client, startClient } from './client';

const MD = 'file:///notes.md';

const HOLE = [
  '# Notes',
  '',
  '<!-- gmem: setup base',
  'vm sw-protected',
  'gmem A size 4M',
  'slot 0 gfn 0x80000..0x80200 gmem A pgoff 0',
  '-->',
  '',
  '> <!-- gmem: after base -->',
  '> ```gmem',
  '> convert gfn 0x80000..0x80200 private',
  '> prefault vcpu 0 gfn 0x80000..0x80004',
  '> punch A pgoff 1..3 => zapped slot 0 gfn 0x80001..0x80003, flush',
  '> ```',
  '',
].join('\n');

let client: Client;
beforeEach(async () => {
  client = startClient('documents');
  await client.initialize();
});
afterEach(() => client.dispose());

const told = async (text: string, uri = MD) =>
  (await client.open(text, uri)).map(
    ({ range: { start, end }, message, code }) =>
      `${start.line + 1}:${start.character}-${end.line + 1}:${end.character} ${code ?? ''} ${String(message).split('\n')[0]}`,
  );
const at = (line: number, character: number, uri = MD) => ({
  textDocument: { uri },
  position: { line: line - 1, character },
});

describe('a document that shows scenarios', () => {
  test('has nothing wrong where all is so', async () => {
    expect(await told(HOLE)).toEqual([]);
  });

  test('hears of an outcome that is not met, where it stands', async () => {
    const wrong = HOLE.replace('0x80001..0x80003', '0x80001..0x80004');
    expect(await told(wrong)).toEqual([expect.stringMatching(/^13:\d+-13:\d+ G206 /)]);
  });

  test('hears of errors in a set-up once, and at the set-up', async () => {
    const found = await told(HOLE.replace('gmem A size 4M', 'gmem A'));
    expect(found.filter((one) => one.includes(' G002 '))).toEqual([expect.stringMatching(/^5:5-5:6 /)]);
  });

  test('hears that something is missing at the end of its block, and not of the file', async () => {
    expect(await told('```gmem\ngmem A size\n```\n\nMore of the file.\n')).toEqual([
      expect.stringMatching(/ G002 .*, found the end of the block$/),
    ]);
  });

  test('hears of what goes wrong in some order of a race', async () => {
    const race = [
      ...['```gmem', 'kernel linux-7.3 with retry-check off', 'vm sw-protected', 'gmem A size 4M'],
      ...['slot 0 gfn 0x80000..0x80200 gmem A pgoff 0', 'convert gfn 0x80000..0x80200 private', 'race {'],
      ...[
        '  task vcpu0 { fault vcpu 0 write gfn 0x80000 }',
        '  task vmm { punch A pgoff 0..1 }',
        '}',
        '```',
        '',
      ],
    ].join('\n');
    expect(await told(race)).toEqual(['7:0-7:4 G210 in some order: STALE gfn 0x80000']);
  });

  test('hears of what KVM refuses', async () => {
    expect(await told(HOLE.replace('0x80200 gmem A pgoff 0', '0x80900 gmem A pgoff 0'))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^6:\d+-6:\d+ G201 /)]),
    );
  });

  test('hears of what it shows and is no longer so, and gets it written', async () => {
    const shown = '# A\n\n```gmem\ngmem A size 4M\n#: A: pages 0x0..0x200\n```\n';
    expect(await told(shown)).toEqual(['4:0-4:14 outdated gmem A size 4M: the document says']);
    const [diagnostic] = await client.open(shown, MD);
    const [action] = await client.connection.sendRequest<
      { title: string; edit: { changes: Record<string, never[]> } }[]
    >('textDocument/codeAction', {
      textDocument: { uri: MD },
      range: diagnostic!.range,
      context: { diagnostics: [diagnostic] },
    });
    const lines = indexLines(shown);
    const edits = action!.edit.changes[MD]!.map(
      ({ range, newText }: { range: { start: never; end: never }; newText: string }) => ({
        span: { start: offsetAt(lines, range.start), end: offsetAt(lines, range.end) },
        newText,
      }),
    );
    expect(applyEdits(shown, edits)).toBe(shown.replace('0x200', '0x400'));
  });

  test('says nothing of files, which it does not read', async () => {
    expect(await told('<!-- gmem: include a.gmem -->\n```gmem\ngmem A size 4M\n```\n![a](a.svg)\n')).toEqual(
      [],
    );
  });

  test('is completed in its scenarios only', async () => {
    const text = `${HOLE.replace('punch A pgoff 1..3 => zapped slot 0 gfn 0x80001..0x80003, flush', 'pun')}\npun\n`;
    await client.open(text, MD);
    const inside = await client.connection.sendRequest<CompletionList>('textDocument/completion', at(13, 5));
    const punch = inside.items.find(({ label }) => label.startsWith('punch'));
    expect(punch?.textEdit).toMatchObject({
      range: { start: { line: 12, character: 2 }, end: { line: 12, character: 5 } },
    });
    const outside = await client.connection.sendRequest<CompletionList>('textDocument/completion', at(16, 3));
    expect(outside.items).toEqual([]);
  });

  test('is explained with what its set-up made', async () => {
    await client.open(HOLE, MD);
    const hover = await client.connection.sendRequest<Hover>('textDocument/hover', at(13, 16));
    expect(JSON.stringify(hover.contents)).toContain('slot 0');
    expect(hover.range).toMatchObject({ start: { line: 12 }, end: { line: 12 } });
    expect(await client.connection.sendRequest('textDocument/hover', at(1, 3))).toBeNull();
  });

  test('may be reStructuredText', async () => {
    const text = 'A\n=\n\n.. code-block:: gmem\n\n   gmem A size 4M\n   close B\n';
    expect(await told(text, 'file:///notes.rst')).toEqual([expect.stringMatching(/^7:9-7:10 /)]);
  });

  test('follows changes, and is forgotten when it is closed', async () => {
    await client.open(HOLE, MD);
    await client.change(
      2,
      [{ range: { start: { line: 10, character: 2 }, end: { line: 10, character: 9 } }, text: 'nonsense' }],
      MD,
    );
    expect((await client.diagnostics(2, MD)).map(({ range }) => range.start.line)).toContain(10);
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: MD } });
    await expect(client.connection.sendRequest('textDocument/hover', at(13, 18))).rejects.toThrow(
      'no open document',
    );
  });

  test('with very many scenarios is looked at up to a bound', async () => {
    const many = '```gmem\nclose B\n```\n\n'.repeat(300);
    expect(await told(many)).toHaveLength(200);
  });
});
