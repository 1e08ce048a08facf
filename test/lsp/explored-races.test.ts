import { describe, expect, test } from 'vitest';
import type {
  CodeAction,
  CodeLens,
  Diagnostic,
  Hover,
  InlayHint,
  MarkupContent,
} from 'vscode-languageserver';
import { analyze, print } from '../../src/language';
import type { RacesView } from '../../src/lsp';
import type { Budget } from '../../src/lsp/background-run/background-run';
import { diagnosticsOf } from '../../src/lsp/diagnostics';
import { createDocuments } from '../../src/lsp/documents';
import type { OrderView } from '../../src/lsp/races/requests';
import { checkScenario } from '../../src/outcome';
import { ABLE } from './actions/actions';
import { BY_STEPS, type Client, edited, openMarked, startClient, textIn, URI } from './client';

/** What the language server says about the orders of races. */

const SETUP = `vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
`;

const CHECKED = `kernel linux-7.3\n${SETUP}`;

/** On a kernel that maps a page although its file has lost it. */
const UNCHECKED = `kernel linux-7.3 with retry-check off\n${SETUP}`;

const TASKS = `{
  task vcpu0 {
    fault vcpu 0 write gpa 0x80000000
  }
  task vmm {
    punch A offset 0 size 4K
  }
}`;

/** A fault against a hole. */
const race = (expected = '') => `race ${TASKS}${expected}\n`;

/** More orders than a test tries. */
const LONG = `race {
  task a {
    fault vcpu 0 write gpa 0x80000000
    fault vcpu 0 write gpa 0x80001000
    fault vcpu 0 write gpa 0x80002000
  }
  task b {
    punch A offset 0 size 4K
    allocate A offset 0 size 4K
    punch A offset 4K size 4K
  }
  task c {
    fault vcpu 1 write gpa 0x80000000
    fault vcpu 1 write gpa 0x80001000
  }
}
`;

/** How many states there are is not the matter of these tests. */
const uncounted = (text: string) => text.replace(/[\d,]+ states/, 'N states');

const COMMANDS = { orders: true };

/** The diagnostics after all that runs in the background. */
async function settled(client: Client, version = 1): Promise<readonly Diagnostic[]> {
  const params = { textDocument: { uri: URI } };
  await client.connection.sendRequest('gmemscope/races', params);
  await client.connection.sendRequest('gmemscope/races', params);
  return client.diagnostics(version);
}

async function complaints(source: string): Promise<string[]> {
  const { client, text } = await openMarked(source);
  const diagnostics = await settled(client);
  client.dispose();
  return diagnostics.map(({ code, range, message }) => `${code} @${textIn(text, range)}: ${message}`);
}

async function hints(source: string): Promise<string[]> {
  const { client, text } = await openMarked(source);
  const range = { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } };
  const params = { textDocument: { uri: URI }, range };
  const found = await client.connection.sendRequest<InlayHint[]>('textDocument/inlayHint', params);
  client.dispose();
  const lines = text.split('\n');
  return found
    .filter(({ label }) => /state|order/.test(String(label)))
    .map(({ position, label }) =>
      uncounted(`${lines[position.line]!.slice(0, position.character)} ${label}`),
    );
}

async function lenses(source: string): Promise<string[]> {
  const { client } = await openMarked(source, {}, COMMANDS);
  const params = { textDocument: { uri: URI } };
  const found = await client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', params);
  client.dispose();
  return found
    .filter(({ command }) => command?.command === 'gmemscope.showOutcomes')
    .map(({ range, command }) => `${range.start.line} ${command!.title} ${command!.arguments![1]}`);
}

async function races(source: string): Promise<RacesView> {
  const { client } = await openMarked(source);
  const found = await client.connection.sendRequest<RacesView>('gmemscope/races', {
    textDocument: { uri: URI },
  });
  client.dispose();
  return found;
}

const STALE = 'STALE gfn 0x80000';

describe('a verdict', () => {
  test.each([
    ['holds', CHECKED + race(), [], '} holds in every order · N states'],
    [
      'holds, with what is expected in some order',
      UNCHECKED + race(' => sometimes STALE'),
      [],
      '} => sometimes STALE holds in every order · N states',
    ],
    [
      'of an invariant',
      UNCHECKED + race(),
      [`G210 @race: in some order: ${STALE}`],
      `} ${STALE} in some order · N states`,
    ],
    [
      'of what is written',
      UNCHECKED + race(' => never STALE'),
      [`G210 @never STALE: expected \`never STALE\`, but in some order: ${STALE}`],
      `} => never STALE ${STALE} in some order · N states`,
    ],
    [
      'of what happens in no order',
      CHECKED + race(' => sometimes WARN'),
      ['G210 @sometimes WARN: expected `sometimes WARN`, but it happens in no order'],
      '} => sometimes WARN WARN in no order · N states',
    ],
    [
      'of a call and a statement behind the race',
      `${CHECKED}${race().replace('0x80000000', '0x80000000 => never retried')}fault vcpu 0 read gpa 0x80000000 => mapped 4K gfn 0x80000`,
      [
        'G210 @never retried: expected `never retried`, but in some order: retried',
        'G210 @mapped 4K gfn 0x80000: expected `always mapped 4K gfn 0x80000`, but in some order: mapped nothing',
      ],
      '} line 8: retried in some order · 1 more',
    ],
  ])('%s', async (_what, text, expected, hint) => {
    expect((await complaints(text)).map((one) => one.replace(/(mapped nothing).*/, '$1'))).toEqual(expected);
    expect((await hints(text))[0]).toContain(hint);
  });

  test('of the search replaces what one order shows', async () => {
    const behind = 'fault vcpu 0 read gpa 0x80000000 => always ok, zapped slot 0 gfn 0x80000';
    const found = await complaints(`${CHECKED}${race()}${behind}`);
    expect(found.map((one) => one.slice(0, 4))).toEqual(['G210']);
  });

  test('a call that KVM refuses in every order is reported once, as refused', async () => {
    const text = CHECKED + race().replace('punch A offset 0 size 4K', 'punch A offset 1 size 4K');
    expect((await complaints(text)).map((one) => one.slice(0, 11))).toEqual(['G201 @1: EI']);
  });

  test.each([
    ['a task without a call', 'race { task a { } task b { close A } }', /^G143/],
    ['an unknown word', race(' => never FRESH'), /^G012/],
    ['an error above', `punch B offset 0 size 4K\n${race()}`, /^G109/],
  ])('there is none of a race with %s', async (_what, text, expected) => {
    const found = await complaints(CHECKED + text);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
    expect(await hints(CHECKED + text)).toEqual([]);
  });

  test('a search that reaches its bound says so', async () => {
    expect(await complaints(CHECKED + LONG)).toEqual([
      expect.stringMatching(
        /^G211 @race: the search stopped after 10,\d\d\d states: `gmemscope explore` tries the others$/,
      ),
    ]);
    expect((await hints(CHECKED + LONG))[0]).toBe('} no violation in N states, not all');
    expect(await lenses(CHECKED + LONG)).toEqual(['5 Explore · 0 outcomes so far 0']);
    expect((await races(CHECKED + LONG)).races[0]).toMatchObject({ searching: false, failed: [] });
  });

  test('a call above that has not returned', async () => {
    const text = `${CHECKED}punch A offset 0 size 4K until PH3 as hole\n${race()}continue hole\n`;
    const found = await complaints(text);
    expect(found).toContainEqual(
      'G211 @race: the orders cannot be tried: `hole` has not returned where the race begins: let it return above the race',
    );
  });
});

describe('several races', () => {
  const text = `${SETUP}scenario "one" {\n  kernel linux-7.3 with retry-check off\n${race()}}
scenario "two" {\n  kernel linux-7.3\n${race(' => sometimes WARN')}}\n`;

  test('each has its verdict and its lens', async () => {
    expect(await complaints(text)).toEqual([
      `G210 @race: in some order: ${STALE}`,
      'G210 @sometimes WARN: expected `sometimes WARN`, but it happens in no order',
    ]);
    expect(await hints(text)).toEqual([
      `} ${STALE} in some order · N states`,
      '} => sometimes WARN WARN in no order · N states',
    ]);
    expect(await lenses(text)).toEqual(['6 Explore · 3 outcomes 0', '17 Explore · 2 outcomes 1']);
    expect((await races(text)).races.map(({ title, line }) => [title, line])).toEqual([
      ['one', 7],
      ['two', 18],
    ]);
  });

  test('one above several scenarios is reported once', async () => {
    const shared = `${UNCHECKED}${race()}scenario "one" { close A }\nscenario "two" { close A => EBADF }`;
    const found = await complaints(shared);
    expect(found[0]).toBe(`G210 @race: in some order: ${STALE}`);
    expect(found.filter((one) => one.includes('@race'))).toHaveLength(1);
    expect(await hints(shared)).toHaveLength(1);
    expect(await lenses(shared)).toEqual(['5 Explore · 3 outcomes 0']);
  });
});

describe('a hover', () => {
  const hover = async (marked: string) => {
    const { client, params } = await openMarked(marked);
    const found = await client.connection.sendRequest<Hover>('textDocument/hover', params);
    client.dispose();
    return (found.contents as MarkupContent).value;
  };

  test('on `race` has the verdict and the outcomes', async () => {
    const text = uncounted(await hover(UNCHECKED + race().replace('race', 'ra|ce')));
    expect(text.split('\n').slice(0, 7)).toEqual([
      `**${STALE} in some order · N states**`,
      '',
      '| `mapped` | `A` | final states |',
      '| --- | --- | --- |',
      ...Array.from({ length: 3 }, () =>
        expect.stringMatching(/^\| `(0x80000|none)` \| `(page 0x0|empty)` \| \d+ \|$/),
      ),
    ]);
  });

  test.each([
    [
      'race',
      UNCHECKED + race(' => never STA|LE'),
      /✗ \*\*failed\*\*: expected `never STALE`, but in some order/,
    ],
    ['race, met', UNCHECKED + race(' => sometimes STA|LE'), /✓ met in some order/],
    [
      'call',
      CHECKED + race().replace('0x80000000', '0x80000000 => sometimes ret|ried'),
      /✓ met in some order/,
    ],
    [
      'statement behind',
      `${CHECKED}${race()}fault vcpu 0 read gpa 0x80000000 => o|k`,
      /✓ met in every order/,
    ],
  ])('on the expectation of a %s has its verdict', async (_what, text, expected) => {
    expect(await hover(text)).toMatch(expected);
  });
});

describe('an edit', () => {
  const typing = async (texts: readonly string[]) => {
    const client = startClient();
    await client.initialize();
    await client.open(texts[0]!);
    for (const [at, text] of texts.slice(1).entries()) await client.change(at + 2, [{ text }]);
    await client.diagnostics(texts.length);
    const found = await settled(client, texts.length);
    const view = await client.connection.sendRequest<RacesView>('gmemscope/races', {
      textDocument: { uri: URI },
    });
    client.dispose();
    return { messages: found.map(({ message }) => message), view };
  };

  test('cancels the search of the previous text', async () => {
    const { messages, view } = await typing([CHECKED + LONG, UNCHECKED + LONG, UNCHECKED + race()]);
    expect(messages).toEqual([`in some order: ${STALE}`]);
    expect(view).toMatchObject({
      version: 3,
      races: [{ text: expect.stringContaining(`${STALE} in some order · `) }],
    });
  });

  test.each([
    ['of a comment', `# about\n${UNCHECKED}${race()}`, [`in some order: ${STALE}`]],
    ['of an expectation', UNCHECKED + race(' => sometimes STALE'), []],
    [
      'of a statement behind',
      `${UNCHECKED}${race()}close A => EBADF`,
      [expect.any(String), expect.stringMatching(/^expected `always EBADF`/)],
    ],
    ['of the kernel', CHECKED + race(), []],
    ['of a task', UNCHECKED + race().replace('punch A offset 0', 'punch A offset 4K'), []],
  ])('%s leads to the verdict of the new text', async (_what, text, expected) => {
    const { messages } = await typing([UNCHECKED + race(), text]);
    expect(messages).toEqual(expected);
  });
});

describe('a search in slices', () => {
  /** The shortest slices. */
  const BUDGET: Budget = { ...BY_STEPS, slice: 0 };
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

  /** A document whose search has begun, and is edited. */
  const editedWhile = async (before: string, after: string) => {
    const documents = createDocuments(BUDGET);
    const first = documents.open(URI, 1, before);
    const [searched] = first.explorations().races;
    while ((searched?.progress?.states ?? 0) < 100) await turn();
    const reached = searched!.progress!.states;
    const second = documents.change(URI, 2, [{ text: after }]);
    const explorations = second.explorations();
    const [race] = explorations.races;
    const begun = race?.progress?.states ?? 0;
    await Promise.all([first.explorations().finished, explorations.finished]);
    return { searched: searched!, race: race!, reached, begun };
  };

  test('is cancelled by the next edit', async () => {
    const { searched, race: next, begun } = await editedWhile(CHECKED + LONG, CHECKED + race());
    expect(searched).toMatchObject({ result: null, stopped: 'cancelled' });
    expect(begun).toBeLessThan(100);
    expect(next.result?.explored.result).toMatchObject({ complete: true });
  });

  test('goes on in the next version if the race makes the same calls', async () => {
    const {
      searched,
      race: next,
      reached,
      begun,
    } = await editedWhile(CHECKED + LONG, `# about\n${CHECKED}${LONG.trimEnd()} => sometimes STALE\n`);
    expect(searched).toMatchObject({ result: null, stopped: 'cancelled' });
    expect(begun).toBeGreaterThanOrEqual(reached);
    expect(next.result?.verdicts.map(({ what, holds }) => [what, holds])).toEqual([['STALE', null]]);
  });

  test('ends when its time is up, and says so', async () => {
    const documents = createDocuments({ ...BUDGET, total: 0 });
    const scenario = documents.open(URI, 1, CHECKED + LONG);
    await scenario.explorations().finished;
    expect(diagnosticsOf(scenario).map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(/^G204 the background run stopped here/),
      expect.stringMatching(/^G211 the search stopped after [\d,]+ states, because its time is up/),
    ]);
  });
});

describe('actions', () => {
  const actionsOn = async (marked: string, capabilities: object, options: unknown) => {
    const { client, text, position } = await openMarked(marked, capabilities, options);
    const range = { start: position, end: position };
    const params = { textDocument: { uri: URI }, range, context: { diagnostics: [], only: ['quickfix'] } };
    const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', params);
    const resolved = await Promise.all(
      actions.map((action) =>
        action.data === undefined
          ? action
          : client.connection.sendRequest<CodeAction>('codeAction/resolve', action),
      ),
    );
    client.dispose();
    return { actions: resolved, text };
  };
  const inBlock = `${SETUP}scenario "one" {\n  kernel linux-7.3 with retry-check off\n${race(' => never STA|LE')}fault vcpu 0 read gpa 0x80000000 => ok\n}
scenario "one, shortest order" {\n  close A\n}\n`;

  test.each([
    ['a client with commands', ABLE, COMMANDS, 'order in a document, outcomes'],
    ['a client without', ABLE, {}, ''],
  ])('of %s, in a document without blocks', async (_what, capabilities, options, expected) => {
    const { actions } = await actionsOn(UNCHECKED + race(' => never STA|LE'), capabilities, options);
    expect(actions.map(({ title, command }) => [title, command?.command, command?.arguments])).toEqual(
      expected === ''
        ? []
        : [
            ['Step the shortest order', 'gmemscope.stepOrder', [URI, 0, 1]],
            ['Write the shortest order as a scenario', 'gmemscope.openOrder', [URI, 0, 1]],
            ['Show all outcomes', 'gmemscope.showOutcomes', [URI, 0]],
          ],
    );
  });

  test('without commands, the order becomes a file where the client creates files', async () => {
    const creates = {
      workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } },
    };
    const { actions } = await actionsOn(UNCHECKED + race(' => never STA|LE'), creates, {});
    expect(actions.map(({ title }) => title)).toEqual(['Write the shortest order as a scenario']);
    const [create, edit] = actions[0]!.edit!.documentChanges!;
    expect(create).toEqual({ kind: 'create', uri: 'file:///scenario-order.gmem' });
    expect(JSON.stringify(edit)).toContain(STALE);
  });

  test.each([
    ['when it is chosen', ABLE],
    ['at once', {}],
  ])('a block with the order is written %s, below that of the race', async (_when, capabilities) => {
    const { actions, text } = await actionsOn(inBlock, capabilities, COMMANDS);
    const write = actions.find(({ title }) => title.startsWith('Write'));
    const after = edited(text, write!.edit!.changes![URI]!);
    const { programs, diagnostics, document } = analyze(after);
    expect(diagnostics).toEqual([]);
    expect(programs.map(({ title }) => title)).toEqual([
      ...['one', 'one, shortest order 2', 'one, shortest order'],
    ]);
    expect(programs[1]!.race).toBeNull();
    const checked = [...checkScenario(programs[1]!)];
    expect(checked.flatMap(({ failed }) => failed)).toEqual([]);
    expect(after).toMatch(/continue .* => .*STALE gfn 0x80000/);
    const { start, end } = document.blocks[1]!.span;
    expect(print(document)).toContain(after.slice(start, end));
  });

  test('of what happens in no order: only the outcomes', async () => {
    const { actions } = await actionsOn(CHECKED + race(' => sometimes WA|RN'), ABLE, COMMANDS);
    expect(actions.map(({ title }) => title)).toEqual(['Show all outcomes']);
  });

  test('do not update an expectation from one order', async () => {
    const behind = 'fault vcpu 0 read gpa 0x80000000 => al|ways zapped slot 0 gfn 0x80000';
    const { actions } = await actionsOn(`${CHECKED}${race()}${behind}`, ABLE, {});
    expect(actions.map(({ title }) => title)).toEqual([]);
  });
});

describe('the outcomes', () => {
  test('of a race', async () => {
    const { version, races: found } = await races(UNCHECKED + race(' => never STALE'));
    expect(version).toBe(1);
    expect(found).toEqual([
      {
        line: 6,
        title: null,
        text: expect.stringContaining(`${STALE} in some order · `),
        searching: false,
        failed: [{ expected: 'never STALE', text: `${STALE} in some order`, line: 13, order: 1 }],
        columns: ['mapped', 'A'],
        outcomes: [2, 3, 4].map((order) => ({
          values: expect.any(Array),
          states: expect.any(Number),
          order,
        })),
      },
    ]);
  });

  const order = async (source: string, params: object) => {
    const { client } = await openMarked(source);
    try {
      return await client.connection.sendRequest<OrderView>('gmemscope/order', {
        textDocument: { uri: URI },
        ...params,
      });
    } finally {
      client.dispose();
    }
  };

  test.each([[1], [2], [3], [4]])('order %d is a scenario with its steps', async (number) => {
    const found = await order(UNCHECKED + race(' => never STALE'), { race: 0, order: number });
    const { programs, diagnostics } = analyze(found.text);
    expect(diagnostics).toEqual([]);
    expect(programs[0].race).toBeNull();
    expect(found.text.split('\n')[found.line - 1]).toMatch(/^(fault|punch)/);
    expect(new Set(found.steps.map(({ task }) => task))).toEqual(new Set(['vcpu0', 'vmm']));
    for (const { label, procedure, text } of found.steps) {
      expect(text, label).not.toBe('');
      expect(procedure).toMatch(/^\w+/);
    }
  });

  test('an order of a race above the blocks', async () => {
    const text = `${UNCHECKED}${race()}scenario "one" { fault vcpu 1 read gpa 0x80001000 }`;
    const { programs, diagnostics } = analyze((await order(text, { race: 0, order: 1 })).text);
    expect(diagnostics).toEqual([]);
    expect(programs[0].race).toBeNull();
    expect(programs[0].statements.at(-1)?.statement.keyword).toBe('fault');
  });

  test.each([
    [{ race: 0, order: 9 }],
    [{ race: 1, order: 1 }],
    [{ race: -1, order: 1 }],
    [{}],
    [{ race: 'x', order: null }],
  ])('there is no order %j', async (params) => {
    await expect(order(UNCHECKED + race(), params)).rejects.toThrow(/has no such order/);
  });
});
