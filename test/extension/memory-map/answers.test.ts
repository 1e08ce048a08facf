import { describe, expect, it } from 'vitest';
import { pageMapOf, readSessionMap, readStatementMap } from '../../../src/extension/memory-map/answers';
import { readToPage } from '../../../src/memory-map/messages';
import { TestClient } from '../../dap/client';
import { HOLE, PUNCH } from '../../dap/scenarios';
import { openMarked } from '../../lsp/client';

const around = { name: 'hole.gmem', breakpoints: [], answers: 2 };

describe('the answer of a debug session', () => {
  it('is shown as a course of moments', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    await client.nextToLine(PUNCH);
    const body = await client.request('gmemscope/memoryMap');
    const answer = readSessionMap(body)!;
    expect(answer.course).toMatchObject({ unit: 'moment', at: body.tick, first: 0, last: body.tick });
    const map = pageMapOf(answer, around);
    expect(map.facts).toBe('hole.gmem, line 10, linux-7.3, sw-protected VM');
    // What the page reads is what it is sent.
    expect(readToPage(structuredClone({ type: 'map', map }))).toEqual({ type: 'map', map });
  });

  it.each([[undefined], ['a text'], [{}], [{ map: {}, where: '', line: null, tick: 0, ticks: 1 }]])(
    'that is none is passed over: %j',
    (body) => {
      expect(readSessionMap(body)).toBeUndefined();
      expect(readStatementMap(body)).toBeUndefined();
    },
  );
});

describe('the answer of the language server', () => {
  const asked = async (statement: number) => {
    const { client, params } = await openMarked(HOLE.replace('punch', '|punch'));
    const body = await client.connection.sendRequest('gmemscope/memoryMap', { ...params, statement });
    client.dispose();
    return readStatementMap(body)!;
  };

  it.each([
    [-1, null, 0],
    [0, -1, 1],
    [8, 7, null],
  ])('is a course of statements: %i', async (at, previousStatement, nextStatement) => {
    const { course } = await asked(at);
    expect(course).toEqual({ unit: 'statement', at, first: -1, last: 8, previousStatement, nextStatement });
  });

  it('is what the page reads', async () => {
    const map = pageMapOf(await asked(7), around);
    expect(readToPage({ type: 'map', map })).toEqual({ type: 'map', map });
  });
});
