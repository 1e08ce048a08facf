import { describe, expect, test } from 'vitest';
import {
  ConfigurationRequest,
  type InlayHint,
  InlayHintRefreshRequest,
  RegistrationRequest,
  type TextEdit,
} from 'vscode-languageserver';
import { DEFAULT_SETTINGS, settingsOf } from '../../src/lsp/settings';
import { startClient, URI } from './client';

const TEXT = 'let base = 0x80000000\nslot 0 gpa base size 2M\nslot 10 gpa 0x90000000..0x90001000\n';
const PULLS = {
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    inlayHint: { refreshSupport: true },
  },
};

/** A client whose editor has these settings under `gmemscope`; they may be changed. */
async function withSettings(settings: { value: unknown }, capabilities: object = PULLS) {
  const client = startClient();
  const asked: unknown[] = [];
  const registered: string[] = [];
  let refreshed = 0;
  client.connection.onRequest(ConfigurationRequest.type, ({ items }) => {
    asked.push(items);
    return items.map(() => settings.value);
  });
  client.connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
    registered.push(...registrations.map(({ method }) => method));
  });
  client.connection.onRequest(InlayHintRefreshRequest.type, () => {
    refreshed++;
  });
  await client.initialize(capabilities);
  await client.open(TEXT);
  const textDocument = { uri: URI };
  return {
    client,
    asked,
    registered,
    refreshed: () => refreshed,
    hints: async () => {
      const found = await client.connection.sendRequest<InlayHint[]>('textDocument/inlayHint', {
        textDocument,
      });
      return found.map(({ label }) => label);
    },
    format: async () => {
      const options = { tabSize: 2, insertSpaces: true };
      return client.connection.sendRequest<TextEdit[]>('textDocument/formatting', { textDocument, options });
    },
  };
}

describe('settings', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['none', null, ['= 0x80000000', 'gfn 0x80000..0x80200', '4K', 'gfn 0x90000']],
    ['no gfns', { inlayHints: { gfns: false } }, ['= 0x80000000', '4K']],
    ['no values', { inlayHints: { values: false } }, ['gfn 0x80000..0x80200', '4K', 'gfn 0x90000']],
    ['no sizes', { inlayHints: { sizes: false } }, ['= 0x80000000', 'gfn 0x80000..0x80200', 'gfn 0x90000']],
    [
      'nonsense',
      { inlayHints: 'all', format: { align: 'no' } },
      ['= 0x80000000', 'gfn 0x80000..0x80200', '4K', 'gfn 0x90000'],
    ],
  ])('which hints there are: %s', async (_what, value, expected) => {
    const { client, hints, asked } = await withSettings({ value });
    expect(await hints()).toEqual(expected);
    expect(asked).toEqual([[{ section: 'gmemscope' }]]);
    client.dispose();
  });

  test('where a range of a file is', async () => {
    const text =
      'vm sw-protected\ngmem A size 4M\nslot 0 gpa 0 size 2M gmem A offset 0\npunch A offset 4K size 4K\n';
    for (const [bindings, expected] of [
      [true, ['gfn 0x0..0x200 = A pages 0x0..0x200', 'slot 0 gfn 0x1']],
      [false, ['gfn 0x0..0x200']],
    ] as const) {
      const { client, hints } = await withSettings({ value: { inlayHints: { bindings } } });
      await client.change(2, [{ text }]);
      expect(await hints()).toEqual(expected);
      client.dispose();
    }
  });

  test('whether columns are aligned', async () => {
    const aligned = await withSettings({ value: {} });
    expect(await aligned.format()).not.toEqual([]);
    aligned.client.dispose();
    const plain = await withSettings({ value: { format: { align: false } } });
    expect(await plain.format()).toEqual([]);
    plain.client.dispose();
  });

  test('what is changed is asked for again, and the hints with it', async () => {
    const settings = { value: {} as unknown };
    const { client, hints, registered, refreshed } = await withSettings(settings);
    expect(await hints()).toHaveLength(4);
    expect(registered).toEqual(['workspace/didChangeConfiguration']);
    settings.value = { inlayHints: { gfns: false, values: false, sizes: false } };
    const before = refreshed();
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await expect.poll(refreshed, { timeout: 600_000 }).toBeGreaterThan(before);
    expect(await hints()).toEqual([]);
    client.dispose();
  });

  test('an editor that cannot be asked may send them', async () => {
    const { client, hints, asked } = await withSettings({ value: null }, {});
    expect(await hints()).toHaveLength(4);
    const settings = { gmemscope: { inlayHints: { gfns: false, values: false } } };
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings });
    expect(await hints()).toEqual(['4K']);
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: 7 });
    expect(await hints()).toEqual(['4K']);
    expect(asked).toEqual([]);
    client.dispose();
  });

  test('an editor that does not answer is not waited for', async () => {
    const client = startClient();
    client.connection.onRequest(ConfigurationRequest.type, () => new Promise<unknown[]>(() => undefined));
    await client.initialize(PULLS);
    await client.open(TEXT);
    const params = { textDocument: { uri: URI } };
    expect(await client.connection.sendRequest('textDocument/inlayHint', params)).toHaveLength(4);
    client.dispose();
  });

  test.each([[undefined], [null], [7], ['x'], [[]], [{ format: 7 }]])('%j are the defaults', (given) => {
    expect(settingsOf(given)).toEqual(DEFAULT_SETTINGS);
  });
});
