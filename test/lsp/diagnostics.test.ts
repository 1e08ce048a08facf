import { describe, expect, test } from 'vitest';
import { shortened } from '../../src/lsp/failed-expectation';
import { openMarked, startClient, textIn, URI } from './client';

const HEAD = 'vm sw-protected\ngmem A size 4M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\n';

/** `code severity @text: message <- text: message`. */
async function complaints(source: string): Promise<string[]> {
  const { client, text, diagnostics } = await openMarked(source);
  client.dispose();
  return diagnostics.map(({ code, severity, range, message, relatedInformation = [] }) => {
    const places = relatedInformation.map(
      (place) => ` <- ${textIn(text, place.location.range)}: ${place.message}`,
    );
    return `${code} ${severity} @${textIn(text, range)}: ${message}${places.join('')}`;
  });
}

describe('diagnostics', () => {
  test.each([
    ['a good scenario', `${HEAD}punch A offset 0 size 4K`, []],
    [
      'a mistake',
      'punhc',
      ['G001 1 @punhc: `punhc` is not a statement: did you mean `punch`?', expect.anything()],
    ],
    [
      'an unaligned size',
      'gmem A size 4097',
      ["G201 2 @4097: EINVAL: the file's size must be a multiple of 4K, greater than 0 and less than 2^63"],
    ],
    [
      'overlapping slots',
      `${HEAD}slot 1 gpa 0x80100000 size 2M`,
      [
        'G201 2 @0x80100000 size 2M: EEXIST: the guest physical range overlaps that of slot 0 <- slot 0 gpa 0x80000000 size 2M gmem A offset 0: slot 0: gfn 0x80000..0x80200 = A pages 0x0..0x200',
      ],
    ],
    [
      'overlapping bindings',
      `${HEAD}slot 1 gpa 0x90000000 size 2M gmem A offset 1M`,
      [
        'G201 2 @A offset 1M: EEXIST: the range of `A` overlaps the binding of slot 0 <- slot 0 gpa 0x80000000 size 2M gmem A offset 0: slot 0: gfn 0x80000..0x80200 = A pages 0x0..0x200',
      ],
    ],
    [
      'a binding outside its file',
      'vm sw-protected\ngmem A size 4M\nslot 0 gpa 0 size 2M gmem A offset 3M',
      ['G201 2 @A offset 3M: EINVAL: the binding extends past the end of `A`'],
    ],
    [
      'a closed file',
      `${HEAD}close A\npunch A offset 0 size 4K`,
      ['G201 2 @A: EBADF: `A` is not an open descriptor: it was closed, or KVM_CREATE_GUEST_MEMFD failed'],
    ],
    [
      'what follows from an error is not reported as well',
      'gmem A size\npunch A offset 0 size 4K\nslot 9 gpa 1 size 4K',
      [
        "G002 1 @size: expected the file's size, for instance `size 2M`, found the end of the line",
        'G201 2 @1: EINVAL: the guest physical address is not a multiple of 4K',
      ],
    ],
  ])('%s', async (_what, text, expected) => {
    expect(await complaints(text)).toEqual(expected);
  });

  test.each([
    [
      'nothing where it is as expected',
      'punch A offset 0 size 8K => zapped slot 0 gfn 0x80000..0x80002, freed A pages 0..2, flush',
      [],
    ],
    [
      'an expectation too many: only that is underlined',
      'punch A offset 0 size 4K => zapped slot 0 gfn 0x80000, 0x80003..0x80005, flush',
      [
        'G206 1 @0x80003..0x80005: expected `zapped slot 0 gfn 0x80003..0x80005`, which did not happen <- SLOT',
      ],
    ],
    [
      'an expectation too few',
      'punch A offset 0 size 8K => zapped slot 0 gfn 0x80000, freed A pages 0..2',
      ['G206 1 @zapped slot 0 gfn 0x80000: unexpected `zapped slot 0 gfn 0x80001` <- SLOT'],
    ],
    [
      'both',
      'punch A offset 0 size 8K => zapped slot 0 gfn 0x80001..0x80003, freed A page 0, freed A page 7',
      [
        'G206 1 @zapped slot 0 gfn 0x80001..0x80003: expected `zapped slot 0 gfn 0x80002`, which did not happen; ' +
          'unexpected `zapped slot 0 gfn 0x80000` <- SLOT',
        'G206 1 @freed A page 7: expected `freed A page 0x7`, which did not happen; ' +
          'unexpected `freed A page 0x1` <- gmem A size 4M: file A',
      ],
    ],
    [
      'a word',
      'punch A offset 0 size 8K => no flush',
      ['G206 1 @no flush: expected `no flush`, but got `flush`'],
    ],
    [
      'what an outcome does not say',
      'punch A offset 1 size 8K => no flush',
      ['G206 1 @=> no flush: the call ended with `EINVAL`: unless an errno is expected, it must succeed'],
    ],
    [
      'an exit that is not expected',
      'fault vcpu 0 read gpa 0 => ok',
      [
        'G206 1 @=> ok: the vCPU exited to userspace with `exit mmio read gpa 0x0`: unless `exit` is expected, it must stay in the guest',
      ],
    ],
    [
      'something that does not happen at all',
      'punch A offset 0 size 8K => PVALIDATE SUCCESS',
      ['G206 1 @PVALIDATE SUCCESS: expected `PVALIDATE SUCCESS`, but nothing of that kind happened'],
    ],
    [
      'a mapping: the slot that it is in',
      'fault vcpu 0 read gfn 0x80010 => mapped gfn 0x80010 r-x',
      [
        'G206 1 @mapped gfn 0x80010 r-x: expected `mapped gfn 0x80010 r-x`, which did not happen; ' +
          'unexpected `mapped 4K gfn 0x80010 rwx` <- SLOT',
      ],
    ],
    [
      'nothing below an error, which may be why',
      'slot 1 gpa\npunch A offset 0 size 4K => no flush',
      [expect.stringContaining('G002')],
    ],
    [
      'an error in an outcome is none of the calls below',
      'punch A offset 0 size 4K => flsh\npunch A offset 4K size 4K => no flush',
      [expect.stringContaining('G012'), expect.stringContaining('G206 1 @no flush')],
    ],
  ])('outcomes: %s', async (_what, statement, expected) => {
    const setup = `${HEAD}convert gpa 0x80000000 size 2M private\nprefault vcpu 0 gpa 0x80000000 size 16K\n`;
    const slot = `${HEAD.split('\n')[2]}: slot 0: gfn 0x80000..0x80200 = A pages 0x0..0x200`;
    expect((await complaints(setup + statement)).map((line) => line.replace(slot, 'SLOT'))).toEqual(expected);
  });

  test('a long list is cut where one item ends', () => {
    const ranges = Array.from({ length: 60 }, (_, at) => `0x${(at * 2).toString(16)}`).join(', ');
    const [first, last] = [shortened(`gfn ${ranges}`), shortened('gfn 0x1')];
    expect(first).toMatch(/^gfn 0x0, 0x2, .*, … \d+ more$/);
    expect(last).toBe('gfn 0x1');
  });

  test('follow the text as it is typed', async () => {
    const client = startClient();
    await client.initialize();
    expect(await client.open('gmem A size 4\n')).toHaveLength(1);
    const end = { line: 0, character: 13 };
    await client.change(2, [{ range: { start: end, end }, text: 'K' }]);
    expect(await client.diagnostics(2)).toEqual([]);
    client.dispose();
  });

  test('positions count UTF-16 units', async () => {
    const client = startClient();
    await client.initialize();
    await client.open('# 🐧\ngmem A size 4M # 🐧🐧');
    const at = { line: 0, character: 2 };
    await client.change(2, [
      { range: { start: at, end: { line: 0, character: 4 } }, text: '' },
      { range: { start: { line: 1, character: 17 }, end: { line: 1, character: 21 } }, text: '\npunch A' },
    ]);
    const [missing] = await client.diagnostics(2);
    expect(missing).toMatchObject({ code: 'G002', range: { start: { line: 2, character: 6 } } });
    client.dispose();
  });

  test('go away when the document is closed', async () => {
    const client = startClient();
    await client.initialize();
    await client.open('nonsense');
    const gone = new Promise((resolve) => {
      client.connection.onNotification('textDocument/publishDiagnostics', resolve);
    });
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: URI } });
    expect(await gone).toEqual({ uri: URI, diagnostics: [] });
    client.dispose();
  });

  test('a text that is too long is said to be so', async () => {
    const client = startClient();
    await client.initialize();
    expect(await client.open('x '.repeat(5 * 1024 * 1024))).toMatchObject([{ code: 'G205', severity: 3 }]);
    client.dispose();
  });
});
