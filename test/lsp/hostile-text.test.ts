import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hover, MarkupContent } from 'vscode-languageserver';
import { tokenize } from '../../src/language/parse/lexer';
import { hostileWords, PLAIN, scenarioOf, structureOf, wrongWords } from '../generators/hostile';
import { type Client, startClient, URI } from './client';

/** The Markdown of the hover at every word of a text; empty where there is none. */
async function hovers(client: Client, text: string, uri = URI): Promise<readonly string[]> {
  await client.open(text, uri);
  const found: string[] = [];
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  for (const { start, kind } of tokenize(text).tokens) {
    if (kind === 'end') continue;
    const line = starts.findLastIndex((at) => at <= start);
    const position = { line, character: start - starts[line]! };
    const params = { textDocument: { uri }, position };
    const hover = await client.connection.sendRequest<Hover | null>('textDocument/hover', params);
    found.push(hover === null ? '' : (hover.contents as MarkupContent).value);
  }
  return found;
}

/** Where the hovers of statements lead. */
const SOURCES =
  /^link_open href https:\/\/(?:elixir\.bootlin\.com|docs\.amd\.com|man7\.org|docs\.kernel\.org)\//;

describe('the hovers of a scenario that somebody else wrote', () => {
  it('show its words as text, whatever they are', { timeout: 0 }, async () => {
    const client = startClient();
    await client.initialize();
    const plain = await hovers(client, scenarioOf(PLAIN), 'file:///plain.gmem');
    expect(plain.filter((hover) => hover !== '').length).toBeGreaterThan(60);
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(hostileWords, async (words) => {
        const uri = `file:///${runs++}.gmem`;
        const hostile = await hovers(client, scenarioOf(words), uri);
        expect(hostile.map(structureOf)).toEqual(plain.map(structureOf));
        await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
      }),
      { numRuns: 15 },
    );
    client.dispose();
  });

  it('have no links but to sources, also where its names are errors', { timeout: 0 }, async () => {
    const client = startClient();
    await client.initialize();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(wrongWords, async (words) => {
        const found = (await hovers(client, scenarioOf(words), `file:///${runs++}.gmem`)).flatMap(
          structureOf,
        );
        const suspect = found.filter((one) => /link_open|image|html/.test(one));
        expect(suspect.filter((one) => !SOURCES.test(one))).toEqual([]);
      }),
      { numRuns: 10 },
    );
    client.dispose();
  });

  it('show a title as it is written', async () => {
    const client = startClient();
    await client.initialize();
    const title = '![x](https://evil.example/p.png) [open](command:workbench.action.terminal.new)';
    const text = `scenario "${title}" {\n  gmem A size 4K\n}\n`;
    const [hover] = await hovers(client, text);
    expect(structureOf(hover!).filter((one) => /link|image|html/.test(one))).toEqual([]);
    client.dispose();
  });
});
