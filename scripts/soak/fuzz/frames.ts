import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { debugAdapter, languageServer, type Streams } from '../../../src/cli/servers';

function framed(body: string, length = Buffer.byteLength(body)): string {
  return `Content-Length: ${length}\r\n\r\n${body}`;
}

const JSONS = [
  { jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: null, capabilities: {} } },
  { jsonrpc: '2.0', method: 'initialized', params: {} },
  {
    jsonrpc: '2.0',
    method: 'textDocument/didOpen',
    params: { textDocument: { uri: 'a', version: 1, text: 'vm' } },
  },
  { jsonrpc: '2.0', id: 2, method: 'textDocument/hover', params: {} },
  { jsonrpc: '2.0', id: 3, method: 'shutdown' },
  { seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'gmem' } },
  { seq: 2, type: 'request', command: 'launch', arguments: { program: '/none' } },
  { seq: 3, type: 'request', command: 'threads' },
].map((message) => JSON.stringify(message));

const frame = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...JSONS).map((json) => framed(json)) },
  { weight: 1, arbitrary: fc.json().map((json) => framed(json)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...JSONS), fc.nat(400)).map(([json, length]) => framed(json, length)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'x'.repeat(10_000),
      framed('{}', 1e15),
      framed('{}', -1),
      '\r\n\r\n',
      'Content-Length:\r\n\r\n',
    ),
  },
);

export const frames = {
  name: 'frames',
  holds:
    'a server over standard input ends when its input does, whatever it was sent, and says why in one sentence',
  property: fc.asyncProperty(
    fc.array(frame, { maxLength: 12 }),
    fc.integer({ min: 1, max: 200 }),
    fc.constantFrom(languageServer, debugAdapter),
    async (sent, size, serve) => {
      const [input, output] = [new PassThrough(), new PassThrough()];
      output.resume();
      input.on('error', () => {});
      const said: string[] = [];
      const report = console.error;
      console.error = (line: string) => said.push(line);
      try {
        const status = serve([], { input, output } as unknown as Streams);
        const bytes = Buffer.from(sent.join(''));
        for (let at = 0; at < bytes.length; at += size) input.write(bytes.subarray(at, at + size));
        input.end();
        assert([0, 1].includes(await status));
        // The parser may not have read the whole body yet.
        await delay(1);
        assert(said.length <= 1);
        for (const line of said)
          assert.match(line, /^gmemscope: the client sent an invalid message: [^\n]+$/);
      } finally {
        console.error = report;
      }
      return true;
    },
  ),
};
