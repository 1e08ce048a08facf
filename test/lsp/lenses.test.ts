import { describe, expect, test } from 'vitest';
import type { CodeLens } from 'vscode-languageserver';
import { openMarked, startClient, textIn, URI } from './client';

const COMMANDS = ['gmemscope.runScenario', 'gmemscope.debugScenario', 'gmemscope.compareKernels'];

async function lenses(text: string, options: unknown): Promise<string[]> {
  const { client } = await openMarked(text, {}, options);
  const found = await client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
    textDocument: { uri: URI },
  });
  client.dispose();
  return found.map(
    ({ range, command }) =>
      `${textIn(text, range)} ${command!.title} ${command!.command} ${JSON.stringify(command!.arguments)}`,
  );
}

describe('code lenses', () => {
  test('above each scenario, with its title', async () => {
    const found = await lenses('gmem A size 4K\nscenario "one" { close A }\nscenario "two" { close A }', {
      commands: true,
    });
    expect(found).toEqual(
      ['one', 'two'].flatMap((title) =>
        ['Run', 'Debug', 'Compare kernels'].map(
          (label, at) => `scenario ${label} ${COMMANDS[at]} ["${URI}","${title}"]`,
        ),
      ),
    );
  });

  test('above the first statement of a file without blocks', async () => {
    const found = await lenses('# about\nkernel linux-7.3\ngmem A size 4K', { commands: true });
    expect(found[0]).toBe(`kernel Run gmemscope.runScenario ["${URI}",null]`);
    expect(found).toHaveLength(3);
    expect(await lenses('# nothing yet', { commands: true })).toEqual([]);
  });

  test.each([[undefined], [null], [{}], [{ commands: 'yes' }], [7]])(
    'none where the editor does not say that it has the commands: %j',
    async (options) => {
      const client = startClient();
      const { capabilities } = await client.initialize({}, options);
      expect(capabilities.codeLensProvider).toBeUndefined();
      client.dispose();
      expect(await lenses('gmem A size 4K', options)).toEqual([]);
    },
  );
});
