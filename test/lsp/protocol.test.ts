import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documents } from '../generators/documents';
import { scenarios } from '../generators/scenarios';
import { openMarked, startClient, URI } from './client';

const POSITION = { textDocument: { uri: URI }, position: { line: 0, character: 0 } };

/** Each request with what it needs besides a document and a place. */
const MORE: Readonly<Record<string, object>> = {
  'textDocument/completion': {},
  'textDocument/hover': {},
  'textDocument/signatureHelp': {},
  'textDocument/definition': {},
  'textDocument/references': {},
  'textDocument/documentHighlight': {},
  'textDocument/documentSymbol': {},
  'textDocument/inlayHint': {},
  'textDocument/codeAction': {},
  'textDocument/codeLens': {},
  'textDocument/formatting': {},
  'gmemscope/races': {},
  'textDocument/rangeFormatting': {},
  'textDocument/prepareRename': {},
  'textDocument/rename': { newName: 'other' },
  'textDocument/foldingRange': {},
  'textDocument/selectionRange': { positions: [POSITION.position] },
  'textDocument/semanticTokens/full': {},
  'textDocument/semanticTokens/full/delta': { previousResultId: '1' },
  'textDocument/semanticTokens/range': {},
  'gmemscope/memoryMap': {},
  'gmemscope/lastChange': { watch: 'slot 0' },
};

const REQUESTS = Object.keys(MORE);

/** The requests that a capability promises. */
const PROMISES: Readonly<Record<string, readonly string[]>> = {
  codeActionProvider: ['textDocument/codeAction'],
  completionProvider: ['textDocument/completion'],
  definitionProvider: ['textDocument/definition'],
  documentFormattingProvider: ['textDocument/formatting'],
  documentHighlightProvider: ['textDocument/documentHighlight'],
  documentRangeFormattingProvider: ['textDocument/rangeFormatting'],
  documentSymbolProvider: ['textDocument/documentSymbol'],
  foldingRangeProvider: ['textDocument/foldingRange'],
  hoverProvider: ['textDocument/hover'],
  inlayHintProvider: ['textDocument/inlayHint'],
  referencesProvider: ['textDocument/references'],
  renameProvider: ['textDocument/prepareRename', 'textDocument/rename'],
  selectionRangeProvider: ['textDocument/selectionRange'],
  semanticTokensProvider: [
    'textDocument/semanticTokens/full',
    'textDocument/semanticTokens/full/delta',
    'textDocument/semanticTokens/range',
  ],
  signatureHelpProvider: ['textDocument/signatureHelp'],
};

/** What the server says that it cannot do. */
const DENIED = [
  ...['callHierarchyProvider', 'colorProvider', 'declarationProvider', 'implementationProvider'],
  ...[
    'inlineCompletionProvider',
    'inlineValueProvider',
    'linkedEditingRangeProvider',
    'monikerProvider',
    'typeDefinitionProvider',
  ],
  ...['typeHierarchyProvider', 'workspaceSymbolProvider'],
];

describe('messages out of order', () => {
  test.each(REQUESTS)('%s before initialize is answered with an error', async (method) => {
    const client = startClient();
    await expect(client.connection.sendRequest(method, POSITION)).rejects.toMatchObject({ code: -32002 });
    client.dispose();
  });

  test.each(REQUESTS)('%s on a document that is not open', async (method) => {
    const client = startClient();
    await client.initialize();
    await expect(client.connection.sendRequest(method, POSITION)).rejects.toMatchObject({
      code: -32602,
      message: `the document ${URI} is not open`,
    });
    client.dispose();
  });

  test.each(REQUESTS)('%s without parameters', async (method) => {
    const { client } = await openMarked('vm default');
    await expect(client.connection.sendRequest(method, {})).rejects.toMatchObject({ code: -32602 });
    client.dispose();
  });

  test('initialize twice', async () => {
    const client = startClient();
    await client.initialize();
    await expect(client.initialize()).rejects.toMatchObject({ code: -32600 });
    client.dispose();
  });

  test('a request after shutdown', async () => {
    const { client } = await openMarked('vm default');
    await client.connection.sendRequest('shutdown');
    await expect(client.connection.sendRequest('textDocument/hover', POSITION)).rejects.toMatchObject({
      code: -32600,
    });
    client.dispose();
  });

  test('exit ends the server', async () => {
    const { client } = await openMarked('vm default');
    await client.connection.sendRequest('shutdown');
    await client.connection.sendNotification('exit');
    await expect.poll(client.exited, { timeout: 600_000 }).toBe(true);
    client.dispose();
  });

  test('an unknown method', async () => {
    const { client } = await openMarked('vm default');
    await expect(client.connection.sendRequest('textDocument/nonsense', POSITION)).rejects.toMatchObject({
      code: -32601,
    });
    client.dispose();
  });

  test('a change of a document that is not open is logged, and the next message is served', async () => {
    const client = startClient();
    await client.initialize();
    await client.change(2, [{ text: 'vm default' }]);
    expect(await client.open('vm defautl')).toMatchObject([{ code: 'G106' }]);
    expect(client.log).toEqual([`didChange was invalid: ${URI} is changed, but it is not open`]);
    client.dispose();
  });

  test('a malformed change leaves the text as it was', async () => {
    const { client } = await openMarked('vm default');
    await client.change(2, [{ range: null, text: 7 }]);
    await client.change(3, [
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 2 } }, text: 'mv' },
    ]);
    expect(await client.diagnostics(3)).toMatchObject([{ code: 'G001' }]);
    client.dispose();
  });

  test.each([
    ['nothing', {}],
    ['no text', { textDocument: { uri: URI, languageId: 'gmem', version: 1 } }],
    ['a text that is none', { textDocument: { uri: URI, languageId: 'gmem', version: 1, text: 7 } }],
  ])('opening %s is logged, and the next message is served', async (_what, params) => {
    const client = startClient();
    await client.initialize();
    await client.connection.sendNotification('textDocument/didOpen', params);
    expect(await client.open('vm default')).toEqual([]);
    expect(client.log).toHaveLength(1);
    expect(client.log[0]).toContain('didOpen was invalid');
    client.dispose();
  });

  test('a document opened twice has the second text', async () => {
    const { client } = await openMarked('nonsense');
    const textDocument = { uri: URI, languageId: 'gmem', version: 2, text: 'vm default' };
    await client.connection.sendNotification('textDocument/didOpen', { textDocument });
    expect(await client.diagnostics(2)).toEqual([]);
    client.dispose();
  });

  test('a place outside of the text is its end', async () => {
    const { client, params } = await openMarked('vm default');
    const position = { line: 99, character: 99 };
    expect(
      await client.connection.sendRequest('textDocument/hover', { ...params, position }),
    ).not.toBeUndefined();
    client.dispose();
  });
});

describe('what is promised is kept', () => {
  test('every capability has an answer', async () => {
    const client = startClient();
    const { capabilities } = await client.initialize();
    await client.open('vm default');
    const offered = Object.entries(capabilities).filter(([, value]) => value !== false);
    expect(offered.map(([name]) => name).sort()).toEqual(
      [...Object.keys(PROMISES), 'textDocumentSync'].sort(),
    );
    for (const method of Object.values(PROMISES).flat()) {
      await client.connection.sendRequest(method, { ...POSITION, ...MORE[method] });
    }
    client.dispose();
  });

  test('what cannot be done is said to be so, and not answered', async () => {
    const client = startClient();
    const { capabilities } = await client.initialize();
    await client.open('vm default');
    const denied = Object.entries(capabilities).filter(([, value]) => value === false);
    expect(denied.map(([name]) => name).sort()).toEqual(DENIED);
    for (const method of [
      'declaration',
      'typeDefinition',
      'implementation',
      'linkedEditingRange',
      'onTypeFormatting',
    ]) {
      await expect(client.connection.sendRequest(`textDocument/${method}`, POSITION)).rejects.toMatchObject({
        code: -32601,
      });
    }
    client.dispose();
  });

  test('edits of any kind keep the text in step with the editor', async () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.string({ unit: 'binary', maxLength: 12 })), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(scenarios({ maxStatements: 6 }), edits, async (before, changes) => {
        const client = startClient();
        await client.initialize();
        await client.open(before);
        let text = before;
        let version = 1;
        for (const [from, length, insert] of changes) {
          // Only line feeds end a line here, as positions are counted below.
          const inserted = insert.replaceAll('\r', '');
          const start = from % (text.length + 1);
          const end = Math.min(text.length, start + length);
          const at = (offset: number) => {
            const lines = text.slice(0, offset).split('\n');
            return { line: lines.length - 1, character: lines.at(-1)!.length };
          };
          await client.change(++version, [{ range: { start: at(start), end: at(end) }, text: inserted }]);
          text = text.slice(0, start) + inserted + text.slice(end);
        }
        const other = 'file:///other.gmem';
        const expected = await client.open(text, other);
        const actual = await client.diagnostics(version);
        expect(JSON.stringify(actual).replaceAll(URI, other)).toBe(JSON.stringify(expected));
        for (const method of REQUESTS) {
          await client.connection.sendRequest(method, { ...POSITION, ...MORE[method] });
        }
        client.dispose();
      }),
      { numRuns: 25 },
    );
  });

  test('any request, anywhere in any text, is answered', async () => {
    const texts = fc
      .tuple(documents(), fc.nat(), fc.nat(30))
      .map(([text, at, length]) => text.slice(0, at % text.length) + text.slice((at % text.length) + length));
    const places = fc.array(fc.record({ line: fc.nat(20), character: fc.nat(60) }), {
      minLength: 3,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(texts, places, async (text, positions) => {
        const client = startClient();
        await client.initialize({}, { commands: true, orders: true });
        await client.open(text);
        for (const position of positions) {
          const range = { start: position, end: position };
          const params = { textDocument: { uri: URI }, position, range };
          for (const method of REQUESTS) {
            const answer = client.connection.sendRequest(method, { ...params, ...MORE[method] });
            // A name that is refused is an answer too.
            await answer.catch((error) => expect([method, error.code]).toEqual([method, -32803]));
          }
        }
        client.dispose();
      }),
      { numRuns: 25 },
    );
  });

  test.each([
    ['a place that is none', 'textDocument/hover', { position: { line: 'one' } }],
    ['half a range', 'textDocument/codeAction', { range: { start: { line: 0, character: 0 } } }],
    ['a range of nothing', 'textDocument/rangeFormatting', { range: 7 }],
    ['places that are none', 'textDocument/selectionRange', { positions: [7] }],
  ])('%s is said to be so', async (_what, method, more) => {
    const { client, params } = await openMarked('vm default');
    await expect(client.connection.sendRequest(method, { ...params, ...more })).rejects.toMatchObject({
      code: -32602,
    });
    client.dispose();
  });
});
