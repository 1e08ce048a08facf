/** Every example, stepped to its end and back: what is seen on the way back is what was seen on the way there. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/dap/context';
import { sameState } from '../../src/simulator/same-state';
import { stateOf } from '../../src/simulator/schedule';
import { TestClient } from './client';

const root = path.resolve(import.meta.dirname, '../../examples');
const examples = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.gmem'))
  .sort();

/** What a person sees at a stop, and the state. Between statements the variables are opened wholly. */
async function sight(client: TestClient) {
  const { scenario } = Reflect.get(client.session, 'context') as Context;
  const stack = await client.stack();
  const { scopes } = await client.request('scopes', { frameId: stack[0]!.id });
  const variables: unknown[] = [];
  for (const { name, variablesReference } of scopes as readonly DebugProtocol.Scope[]) {
    const rows =
      stack.length === 1
        ? await client.rowsOf(variablesReference)
        : (await client.variables(variablesReference)).map(({ name, value }) => `${name}: ${value}`);
    variables.push([name, rows]);
  }
  return {
    stack: stack.map(({ name, source, line, column }) => [name, source?.name, line, column]),
    variables,
    outcomes: client.outcomes(),
    state: stateOf(scenario!.timeline.current),
  };
}

type Sight = Awaited<ReturnType<typeof sight>>;

function expectSame({ state, ...seen }: Sight, { state: expected, ...rest }: Sight): void {
  expect(seen).toEqual(rest);
  expect(sameState(state, expected)).toBe(true);
}

/** Breakpoints at every line: going back then stops wherever a step into stops. */
async function breakEverywhere(client: TestClient): Promise<void> {
  const { sources } = await client.request('loadedSources');
  for (const source of sources as readonly DebugProtocol.Source[]) {
    const text = source.sourceReference
      ? (await client.request('source', { sourceReference: source.sourceReference })).content
      : client.files[source.path!];
    const breakpoints = text.split('\n').map((_: string, at: number) => ({ line: at + 1 }));
    await client.request('setBreakpoints', { source, breakpoints });
  }
}

describe('an example, forward and back', () => {
  it.each(examples)(
    '%s',
    async (name) => {
      const client = new TestClient();
      await client.start(readFileSync(path.join(root, name), 'utf8'));
      await client.request('setExceptionBreakpoints', { filters: [] });
      const forward = [await sight(client)];
      while ((await client.move('stepIn')).body.description !== 'At the end of the scenario') {
        forward.push(await sight(client));
      }
      await breakEverywhere(client);
      for (const seen of forward.toReversed()) {
        const { body } = await client.move('reverseContinue');
        expect(body.reason).toBe('breakpoint');
        expectSame(await sight(client), seen);
      }
      const { body } = await client.move('reverseContinue');
      expect(body.description).toBe('At the start of the scenario');
      expectSame(await sight(client), forward[0]!);
      expect(forward.length).toBeGreaterThan(40);
    },
    120_000,
  );
});
