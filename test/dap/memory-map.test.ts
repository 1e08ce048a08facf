import { describe, expect, it } from 'vitest';
import { TestClient } from './client';
import { HOLE, PUNCH } from './scenarios';

async function atLine(line: number): Promise<TestClient> {
  const client = new TestClient();
  await client.start(HOLE);
  await client.nextToLine(line);
  return client;
}

async function map(client: TestClient, width?: number) {
  return client.request('gmemscope/memoryMap', width === undefined ? {} : { width });
}

/** What the step changed, in sentences. */
function changed({ map: { shapes } }: { map: { shapes: { changed: boolean; about: string }[] } }) {
  return shapes.filter((shape) => shape.changed).map(({ about }) => about);
}

const ZAPPED = ['gfn 0x801ff: zapped: a leaf of 4K', 'gfn 0x90000..0x90002: zapped: a leaf of 4K'];

describe('the memory map', () => {
  it('shows nothing changed before the first statement', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    const body = await map(client);
    expect(body).toMatchObject({
      line: null,
      tick: 0,
      ticks: 1,
      previousStatement: null,
      nextStatement: null,
    });
    expect(body.where).toMatch(/^before the first of \d+ statements$/);
    expect(body.map.alternative).toContain('There is nothing to draw');
    expect(changed(body)).toEqual([]);
  });

  it('shows what the last statement did, with the numbers of each range', async () => {
    const client = await atLine(PUNCH);
    await client.move('next');
    const body = await map(client);
    expect(body).toMatchObject({ line: PUNCH, branch: false });
    expect(body.where).toMatch(/^after statement \d+ of \d+$/);
    expect(changed(body)).toEqual(expect.arrayContaining(ZAPPED));
    const shape = body.map.shapes.find(({ about }: { about: string }) => about === ZAPPED[1]);
    expect(shape).toMatchObject({ place: 'gfn 0x90000..0x90002', whats: expect.arrayContaining(['zapped']) });
    expect(Object.fromEntries(shape.numbers)).toMatchObject({
      gfn: '0x90000..0x90002',
      gpa: '0x90000000..0x90002000',
      slot: 'slot 1',
      'pages of A (pgoff)': '0x200..0x202',
      'file offset': '0x200000..0x202000',
      size: '8K',
    });
    const leaf = body.map.shapes.find(({ about }: { about: string }) =>
      about.startsWith('gfn 0x801fe: mapped'),
    );
    expect(Object.fromEntries(leaf.numbers)).toMatchObject({
      level: '1 (4K)',
      permissions: 'rwx-d',
      pfn: expect.stringMatching(/^0x/),
    });
  });

  it('has an element for each of its shapes', async () => {
    const client = await atLine(PUNCH);
    const { map: drawn } = await map(client, 900);
    expect(drawn.width).toBe(900);
    const indices = [...drawn.svg.matchAll(/data-shape="(\d+)"/g)].map(([, at]) => Number(at));
    expect(indices).toEqual(drawn.shapes.map((_: unknown, at: number) => at));
    expect(new Set(drawn.shapes.map(({ key }: { key: string }) => key)).size).toBe(drawn.shapes.length);
    expect(drawn.svg).not.toMatch(/<style|<title|style=/);
  });

  it('shows in the middle of a call what it did so far', async () => {
    const client = await atLine(PUNCH);
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'truncate_inode_pages_range' }] });
    await client.move('continue');
    const body = await map(client);
    expect(body.where).toMatch(
      /^in statement \d+ of \d+, before step 1 of \d+ of truncate_inode_pages_range$/,
    );
    expect(changed(body)).toEqual(ZAPPED);
    expect(body.previousStatement).toBeLessThan(body.tick);
    expect(body.nextStatement).toBeNull();
  });

  it('marks what the last step of the kernel did', async () => {
    const client = await atLine(PUNCH);
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_unmap_gfn_range' }] });
    const latest = async () => {
      const { shapes, svg } = (await map(client)).map;
      expect((svg.match(/class="flag"/g) ?? []).length).toBe(
        shapes.filter((shape: { latest: boolean }) => shape.latest).length,
      );
      return shapes
        .filter((shape: { latest: boolean }) => shape.latest)
        .map(({ about }: { about: string }) => about);
    };
    await client.move('continue');
    expect(await latest()).toEqual([]);
    await client.move('stepIn');
    expect(await latest()).toEqual([ZAPPED[0]]);
    await client.move('continue');
    await client.move('stepIn');
    expect(await latest()).toEqual([ZAPPED[1]]);
    expect(changed(await map(client))).toEqual(ZAPPED);
    await client.request('setFunctionBreakpoints', { breakpoints: [] });
    while ((await client.stack()).length > 1) await client.move('stepOut');
    expect(await latest()).toEqual([]);
  });

  it('is the same after having been elsewhere', async () => {
    const client = await atLine(PUNCH);
    await client.move('next');
    const here = await map(client);
    await client.move('gmemscope/goTo', { tick: here.previousStatement });
    const back = await map(client);
    expect(back).toMatchObject({ tick: here.previousStatement, nextStatement: here.tick });
    expect(changed(back)).not.toEqual(changed(here));
    await client.move('gmemscope/goTo', { tick: here.tick });
    expect(await map(client)).toEqual(here);
  });

  it('leaves the keyboard to a view that goes to a moment', async () => {
    const client = await atLine(PUNCH);
    const keeping = await client.move('gmemscope/goTo', { tick: 0, keepsFocus: true });
    expect(keeping.body).toMatchObject({ reason: 'goto', preserveFocusHint: true });
    const plain = await client.move('gmemscope/goTo', { tick: 1 });
    expect(plain.body).not.toHaveProperty('preserveFocusHint');
  });

  it('shows the branch of a what-if, and what came before it', async () => {
    const client = await atLine(PUNCH);
    const before = await map(client);
    await client.type('punch A offset 2M size 4K');
    const body = await map(client);
    expect(body).toMatchObject({ branch: true, tick: before.tick });
    expect(body.where).toBe('after the typed statement, on a what-if branch');
    expect(changed(body)).toContain('gfn 0x90000: zapped: a leaf of 4K');
    await client.move('stepBack');
    const start = await map(client);
    expect([start.line, changed(start)]).toEqual([before.line, changed(before)]);
  });

  it('shows before a what-if in the middle of a call what that did so far', async () => {
    const client = await atLine(PUNCH);
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'truncate_inode_pages_range' }] });
    await client.move('continue');
    const before = await map(client);
    await client.type('fault vcpu 0 read gpa 0x90003000');
    await client.move('stepBack');
    const start = await map(client);
    expect(start.where).toBe(`${before.where}, on a what-if branch`);
    expect(changed(start)).toEqual(ZAPPED);
  });

  it('refuses a width that is none', async () => {
    const client = await atLine(PUNCH);
    const { message } = await client.ask('gmemscope/memoryMap', { width: -1 });
    expect(message).toBe('The argument width is not a non-negative integer.');
  });
});

describe('a function breakpoint that names what it watches', () => {
  it('stops as a data breakpoint does, beside those on procedures', async () => {
    const client = await atLine(PUNCH);
    const { breakpoints } = await client.request('setFunctionBreakpoints', {
      breakpoints: [
        { name: 'gfn 0x90000..0x90002 zapped' },
        { name: 'kvm_gmem_punch_hole' },
        { name: 'B pages 0x0' },
      ],
    });
    expect(breakpoints).toMatchObject([
      { verified: true },
      { verified: true },
      { verified: false, message: 'The scenario has no file B.' },
    ]);
    const first = await client.move('continue');
    expect(first.body.hitBreakpointIds).toEqual([breakpoints[1].id]);
    const { body } = await client.move('continue');
    expect(body).toMatchObject({ reason: 'data breakpoint', hitBreakpointIds: [breakpoints[0].id] });
    expect(body.text).toContain('zapped 4K gfn 0x90000..0x90002');
  });

  it('goes with the next request', async () => {
    const client = await atLine(PUNCH);
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'slot 1 zapped' }] });
    await client.request('setFunctionBreakpoints', { breakpoints: [] });
    await client.move('next');
    expect((await client.stack())[0]!.line).toBe(14);
  });
});
