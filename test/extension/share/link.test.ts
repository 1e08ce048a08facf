import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST_SHARED, linkTo, sharedIn } from '../../../src/extension/share/link';

const BASE = 'http://localhost:8100/';

describe('a link to the workbench', () => {
  test('gives back what was put into it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.option(fc.integer({ min: 1, max: 100_000 })),
        async (text, line) => {
          expect(await sharedIn(await linkTo(BASE, { text, line }))).toEqual({ text, line });
        },
      ),
    );
  });

  test('has the scenario behind the #, in characters that mails leave alone', async () => {
    const link = await linkTo(`${BASE}#old`, { text: 'vm default\n'.repeat(50), line: 3 });
    expect(link).toMatch(/^http:\/\/localhost:8100\/#gmem=1&line=3&text=[\w-]+$/);
    expect(link.length).toBeLessThan(100);
  });

  test('is not made of what is too long', async () => {
    await expect(linkTo(BASE, { text: ' '.repeat(LONGEST_SHARED + 1), line: null })).rejects.toThrow(
      'longer than 64 KiB',
    );
    const noise = Array.from({ length: 40_000 }, (_, at) => ((at * 2654435761) >>> 7).toString(36)).join('');
    await expect(linkTo(BASE, { text: noise.slice(0, 60_000), line: null })).rejects.toThrow('send the file');
  });

  test('that would unpack to very much is refused', async () => {
    const bomb = new Blob(['a'.repeat(20_000_000)])
      .stream()
      .pipeThrough(new CompressionStream('deflate-raw'));
    const packed = Buffer.from(await new Response(bomb).arrayBuffer()).toString('base64url');
    await expect(sharedIn(`#gmem=1&text=${packed}`)).rejects.toThrow('longer than 64 KiB');
  });

  test.each([
    ['http://localhost:8100/', 'no scenario'],
    ['#gmem=2&text=AA', 'format version 2'],
    ['#gmem=1', 'truncated'],
    ['#gmem=1&text=a', 'truncated'],
    ['#gmem=1&text=%3Cscript%3E', 'characters'],
    ['#gmem=1&text=AAAA', 'truncated or corrupted'],
    ['#gmem=1&line=0&text=AAAA', 'line'],
    ['#gmem=1&line=1e3&text=AAAA', 'line'],
    [`#gmem=1&text=${'A'.repeat(40_000)}`, 'too long'],
  ])('%.40s is refused with a reason', async (link, why) => {
    await expect(sharedIn(link)).rejects.toThrow(why);
  });

  test('of anything is read or refused, and never fails otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.base64String(), async (text) => {
        await sharedIn(`#gmem=1&text=${text}`).then(
          (shared) => expect(shared.text).toBeTypeOf('string'),
          (error) => expect(error.constructor.name).toBe('LinkError'),
        );
      }),
    );
  });
});
