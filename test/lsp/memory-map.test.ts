import { describe, expect, it } from 'vitest';
import type { FoundChange, StatementMap } from '../../src/lsp/memory-map';
import { HOLE, manyFaults } from '../dap/scenarios';
import { openMarked } from './client';

/** HOLE with the cursor at a text. */
function at(text: string): string {
  return HOLE.replace(text, `|${text}`);
}

async function asked<R>(marked: string, method: string, more: object = {}): Promise<R> {
  const { client, params } = await openMarked(marked);
  try {
    return await client.connection.sendRequest<R>(`gmemscope/${method}`, { ...params, ...more });
  } finally {
    client.dispose();
  }
}

const mapAt = (marked: string, more: object = {}) => asked<StatementMap>(marked, 'memoryMap', more);
const changeAt = (marked: string, more: object) => asked<FoundChange | null>(marked, 'lastChange', more);

function changed({ map }: StatementMap): readonly string[] {
  return map.shapes.filter((shape) => shape.changed).map(({ about }) => about);
}

describe('the memory map at the cursor', () => {
  it.each([
    ['the statement', 'punch A'],
    ['a later line of it', 'offset 0x1ff000 size'],
  ])('is of what the statement does, with the cursor on %s', async (_, text) => {
    const found = await mapAt(at(text));
    expect(found).toMatchObject({ line: 12, where: 'after statement 8 of 9', title: null, statement: 7 });
    expect(changed(found)).toContain('gfn 0x90000..0x90002: zapped: a leaf of 4K');
    expect(found.map.statement).toBe('punch A offset 0x1ff000 size 12K');
  });

  it('is of the statement above where the line has none', async () => {
    expect((await mapAt(HOLE.replace('\n\npunch', '\n|\npunch'))).line).toBe(10);
  });

  it.each([
    ['above all calls', at('# One file'), {}],
    ['where that is asked for', at('punch A'), { statement: -1 }],
  ])('is empty %s', async (_, marked, more) => {
    const found = await mapAt(marked, more);
    expect(found).toMatchObject({ line: null, where: 'before the first of 9 statements', statement: -1 });
    expect(changed(found)).toEqual([]);
  });

  it('goes to any statement of the scenario', async () => {
    const found = await mapAt(at('punch A'), { statement: 1, width: 500 });
    expect(found).toMatchObject({ line: 5, statement: 1, statements: 9, map: { width: 500 } });
    expect((await mapAt(at('punch A'), { statement: 99 })).statement).toBe(8);
  });

  it('is of the scenario that the cursor is in', async () => {
    const blocks = 'gmem A size 4M\nscenario "one"\n  punch A offset 0 size 4K\nscenario "two"\n  |close A\n';
    expect(await mapAt(blocks)).toMatchObject({ title: 'two', line: 5, statement: 1 });
  });
});

it('says how far a scenario came that takes too long', async () => {
  const long = `${manyFaults(9000)}|`;
  await expect(mapAt(long)).rejects.toThrow(
    /^The background run timed out at line \d+: debug the scenario to see later statements\.$/,
  );
  expect((await mapAt(long, { statement: 2000 })).line).toBe(2002);
});

describe('the statement that made it so', () => {
  it.each([
    ['gfn 0x90000..0x90002 zapped', 12, 'zapped 4K gfn 0x90000..0x90002, was rwx-d'],
    ['gfn 0x90002 mapped', 10, 'mapped 4K gfn 0x90000..0x90004 rwx-d'],
    ['gfn 0x80000 converted', 7, 'converted gfn 0x80000..0x80200 to private'],
    ['A pages 0x1fe..0x1ff allocated', 9, 'allocated A pages 0x1fe..0x200'],
  ])('%s', async (watch, line, text) => {
    expect(await changeAt(at('fault vcpu 0 read'), { watch })).toMatchObject({ line, text });
  });

  it('is none where nothing did', async () => {
    expect(await changeAt(at('slot 1'), { watch: 'gfn 0x90000 zapped' })).toBeNull();
  });
});

it('a request that names nothing to look for says so', async () => {
  await expect(changeAt(at('slot 1'), { watch: 'nonsense' })).rejects.toThrow(
    'The request has no valid watch (watch).',
  );
});
