import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, it } from 'vitest';
import { TestClient } from './client';

const WRITTEN = `vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 1M
convert gpa 0x80000000 size 1M private
fault vcpu 0 write gpa 0x80001002 value 0x12345678
host write slot 0 offset 1M value 0xff
punch A offset 1028K size 4K
vm default
`;

const SNP = `vm sev-snp
gmem A size 2M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80001000 size 4K private
launch-update gpa 0x80001000 size 4K zero
launch-finish
fault vcpu 0 write gpa 0x80001000 private value 1
fault vcpu 0 write gpa 0x80000ff0 value 2
`;

/** A client whose scenario stands in front of a line. */
async function standingAt(text: string, line: number): Promise<TestClient> {
  const client = new TestClient();
  await client.start(text);
  await client.nextToLine(line);
  return client;
}

/** `78 56 ?? ??`: what is readable, then how much is not. */
async function read(client: TestClient, memoryReference: string, count: number, offset = 0): Promise<string> {
  const body: DebugProtocol.ReadMemoryResponse['body'] = await client.request('readMemory', {
    memoryReference,
    offset,
    count,
  });
  const bytes =
    Buffer.from(body?.data ?? '', 'base64')
      .toString('hex')
      .match(/../g) ?? [];
  const unreadable = body?.unreadableBytes === undefined ? [] : [`${body.unreadableBytes} unreadable`];
  return [`${body?.address}:`, ...bytes, ...unreadable].join(' ');
}

describe('readMemory', () => {
  it.each([
    ['gpa:0x80001000', 8, 0, '0x80001000: 00 00 78 56 34 12 00 00'],
    ['0x80001000', 2, 2, '0x80001002: 78 56'],
    ['2147487746', 2, 0, '0x80001002: 78 56'],
    ['vm0.gpa:0x80001008', 2, -6, '0x80001002: 78 56'],
    ['file0:0x101000', 4, 2, '0x101002: 78 56 34 12'],
    ['memory0:0x100000', 2, 0, '0x100000: ff 00'],
    ['gpa:0x80100000', 2, 0, '0x80100000: ff 00'],
    // Between two pages, and beyond what is there.
    ['gpa:0x80000fff', 4, 0, '0x80000fff: 00 00 00 78'],
    ['gpa:0x801ffffe', 4, 0, '0x801ffffe: 00 00 2 unreadable'],
    ['gpa:0', 4096, 0, '0x0: 4096 unreadable'],
    ['gpa:0xfffffffffffff', 16, 0, '0xfffffffffffff: 16 unreadable'],
    ['file0:0x3fffff', 2, 0, '0x3fffff: 00 1 unreadable'],
    ['gpa:0x80001000', 0, 0, '0x80001000:'],
  ])('%s, %i bytes from %i on', async (reference, count, offset, expected) => {
    const client = await standingAt(WRITTEN, 7);
    expect(await read(client, reference, count, offset)).toBe(expected);
  });

  it('does not see what a hole took, and sees it again before the hole', async () => {
    const client = await standingAt(WRITTEN, 7);
    await client.move('next');
    expect(await read(client, 'gpa:0x80001002', 2)).toBe('0x80001002: 00 00');
    await client.move('stepBack');
    expect(await read(client, 'gpa:0x80001002', 2)).toBe('0x80001002: 78 56');
  });

  it('reads the VM at hand where none is named', async () => {
    const client = await standingAt(WRITTEN, 8);
    await client.move('next');
    expect(await read(client, 'gpa:0x80100000', 1)).toBe('0x80100000: 1 unreadable');
    expect(await read(client, 'vm0.gpa:0x80100000', 1)).toBe('0x80100000: ff');
  });

  it("cannot read a guest's private memory", async () => {
    const client = await standingAt(`${SNP}launch-finish\n`, 9);
    expect(await read(client, 'gpa:0x80000ff0', 32)).toBe(`0x80000ff0: 02 ${'00 '.repeat(15)}16 unreadable`);
    expect(await read(client, 'file0:0x1000', 4096)).toBe('0x1000: 4096 unreadable');
  });

  it.each([
    [
      { memoryReference: 'gpa:', count: 1 },
      'There is no memory `gpa:`: expected `gpa:0x80000000`, or the memoryReference of a row.',
    ],
    [{ count: 1 }, 'There is no memory ``: expected `gpa:0x80000000`, or the memoryReference of a row.'],
    [{ memoryReference: 'gpa:0', offset: -1, count: 1 }, 'There is no byte -1 of `gpa:0`.'],
    [{ memoryReference: 'gpa:0', offset: 0.5, count: 1 }, 'The argument offset is not an integer.'],
    [{ memoryReference: 'gpa:0' }, 'The argument count is missing.'],
    [{ memoryReference: 'gpa:0', count: 2 ** 40 }, 'At most 16777216 bytes are read at once.'],
  ])('refuses %j', async (args, message) => {
    const client = await standingAt(WRITTEN, 7);
    expect(await client.ask('readMemory', args)).toMatchObject({ success: false, message });
  });

  it.each(['file7:0', 'vm3.gpa:0', 'vm3.memory0:0', 'memory9:0'])(
    'refuses %s, where there is nothing of the kind',
    async (memoryReference) => {
      const client = await standingAt(WRITTEN, 7);
      const message = `There is no memory \`${memoryReference}\` at this moment of the scenario.`;
      const args = { memoryReference, count: 1 };
      expect(await client.ask('readMemory', args)).toMatchObject({ success: false, message });
    },
  );

  it('of what is not there any more, or not yet, is no error to a viewer that has read it', async () => {
    const client = await standingAt(WRITTEN, 7);
    await read(client, 'file0:0', 1);
    for (let at = 0; at < 7; at++) await client.move('stepBack');
    expect(await read(client, 'file0:0', 1)).toBe('0x0: 1 unreadable');
  });

  it('is referred to by rows: slots, files, their pages, SPTEs, userspace memory', async () => {
    const client = await standingAt(WRITTEN, 7);
    const found: string[] = [];
    for (const { name, variablesReference } of await client.scopes()) {
      const rows = [...(await client.variables(variablesReference))];
      for (const row of rows) {
        if (row.memoryReference !== undefined) found.push(`${name}, ${row.name}: ${row.memoryReference}`);
        if (row.variablesReference !== 0) rows.push(...(await client.variables(row.variablesReference)));
      }
    }
    expect(found).toEqual([
      'Memslots, slot 0: vm0.gpa:0x80000000',
      'guest_memfd files, A: file0:0x0',
      'guest_memfd files, 0x101: file0:0x101000',
      'Page tables, 0x80001: host:0x200000',
      'Userspace memory, memory of slot 0: vm0.memory0:0x0',
    ]);
    for (const entry of found) await read(client, entry.split(': ')[1]!, 16);
    const { body } = await client.evaluate('spte(0x80001000)');
    expect(body.memoryReference).toBe('host:0x200000');
    expect(await read(client, body.memoryReference, 4, 2)).toBe('0x200002: 78 56 34 12');
  });

  it('is asked for again after a step, by clients that watch memory', async () => {
    const client = new TestClient();
    client.files['/m.gmem'] = WRITTEN;
    await client.initialize({ supportsMemoryEvent: true });
    await client.request('launch', { program: '/m.gmem' });
    await client.move('configurationDone', {});
    expect(client.events('memory')).toEqual([]);
    await read(client, 'gpa:0x80001000', 4);
    await client.move('next');
    expect((await client.event('memory')).body).toMatchObject({
      memoryReference: 'gpa:0x80001000',
      offset: 0,
    });
  });
});

describe('read(…) in an expression', () => {
  it.each([
    ['read(0x80001002)', '0x12345678 (305419896)'],
    ['read(gfn(0x80100000))', '0xff (255)'],
    ['read(0x80000000) == 0', 'true'],
    ['read(0)', 'no memory is there'],
  ])('%s is %s', async (text, value) => {
    const client = await standingAt(WRITTEN, 7);
    expect((await client.evaluate(text)).body.result).toBe(value);
  });

  it("reads with the guest's key", async () => {
    const client = await standingAt(`${SNP}launch-finish\n`, 9);
    expect((await client.evaluate('read(0x80001000)')).body.result).toBe('1');
  });
});
