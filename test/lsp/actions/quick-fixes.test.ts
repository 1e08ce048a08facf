import { describe, expect, test } from 'vitest';
import { actionsAt, linesAfter } from './actions';

const SETUP = `vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
slot 1 gpa 0x90000000 size 1M gmem A offset 2M
`;

const QUICK = ['quickfix'];

describe('quick fixes', () => {
  test.each<[string, string, Record<string, string>]>([
    [
      'what was meant',
      `${SETUP}pun|hc A offset 0 size 4K`,
      { 'Change to `punch`': 'punch A offset 0 size 4K' },
    ],
    [
      'a size that is no multiple of a page',
      `${SETUP}gmem B size |4097`,
      { 'Align up: `size 8K`': 'gmem B size 8K', 'Align down: `size 4K`': 'gmem B size 4K' },
    ],
    ['a size below a page', 'gmem B size |1', { 'Align up: `size 4K`': 'gmem B size 4K' }],
    [
      'an address',
      `${SETUP}convert gpa |0x80000010 size 4K private`,
      {
        'Align up: `gpa 0x80001000`': 'convert gpa 0x80001000 size 4K private',
        'Align down: `gpa 0x80000000`': 'convert gpa 0x80000000 size 4K private',
      },
    ],
    [
      'the end of a range',
      `${SETUP}convert gpa 0x80000000..|0x80001800 private`,
      {
        'Align up: `..0x80002000`': 'convert gpa 0x80000000..0x80002000 private',
        'Align down: `..0x80001000`': 'convert gpa 0x80000000..0x80001000 private',
      },
    ],
    [
      'an offset',
      `${SETUP}punch A offset 0x|1800 size 4K`,
      {
        'Align up: `offset 0x2000`': 'punch A offset 0x2000 size 4K',
        'Align down: `offset 0x1000`': 'punch A offset 0x1000 size 4K',
      },
    ],
    [
      'an access that crosses a page',
      `${SETUP}fault vcpu 0 read gpa |0x80000ffe`,
      {
        'Align up: `gpa 0x80001000`': 'fault vcpu 0 read gpa 0x80001000',
        'Align down: `gpa 0x80000ffc`': 'fault vcpu 0 read gpa 0x80000ffc',
      },
    ],
    [
      'the size of an instruction',
      'vm sev-snp\npvalidate vcpu 0 gpa 0 size |8K validate',
      {
        'Change to `size 4K`': 'pvalidate vcpu 0 gpa 0 size 4K validate',
        'Change to `size 2M`': 'pvalidate vcpu 0 gpa 0 size 2M validate',
      },
    ],
    [
      'a slot in the way of another',
      `${SETUP}slot 2 gpa |0x80100000 size 2M`,
      { 'Move to `gpa 0x80200000`, after slot 0': 'slot 2 gpa 0x80200000 size 2M' },
    ],
    [
      'a slot that is written as a range',
      `${SETUP}slot 2 gfn |0x80100..0x80300`,
      { 'Move to `gfn 0x80200..0x80400`, after slot 0': 'slot 2 gfn 0x80200..0x80400' },
    ],
    [
      'a slot that is moved onto another',
      'slot 0 gpa 0x80000000 size 2M\nslot 1 gpa 0x90000000 size 1M\nmove slot 1 gpa |0x80000000',
      { 'Move to `gpa 0x80200000`, after slot 0': 'move slot 1 gpa 0x80200000' },
    ],
    [
      'a binding in the way of another',
      `${SETUP}slot 2 gpa 0xa0000000 size 1M gmem A offset |1M`,
      { 'Bind at `offset 3M`, after slot 1': 'slot 2 gpa 0xa0000000 size 1M gmem A offset 3M' },
    ],
    [
      'a binding for which there is no room',
      `${SETUP}slot 2 gpa 0xa0000000 size 2M gmem A offset |1M`,
      {
        'Bind at `offset 3M`, in a file of `5M`':
          'gmem A size 5M\nslot 2 gpa 0xa0000000 size 2M gmem A offset 3M',
      },
    ],
    [
      'a binding beyond its file',
      `${SETUP}slot 2 gpa 0xa0000000 size 2M gmem |A offset 3M`,
      {
        'Make the file larger: `gmem A size 5M`': 'gmem A size 5M',
        'Make the slot smaller: `size 1M`': 'slot 2 gpa 0xa0000000 size 1M gmem A offset 3M',
      },
    ],
    [
      'a file that is not there',
      `${SETUP}punch |B offset 1M size 2M`,
      { 'Create it: `gmem B size 4M`': 'gmem B size 4M' },
    ],
    [
      'a file for a slot',
      `${SETUP}  slot 3 gpa 0 size 64K gmem |B offset 0`,
      { 'Create it: `gmem B size 2M`': '  gmem B size 2M' },
    ],
    ['a file that something is expected of', 'close A => freed |B page 1\ngmem A size 4M', {}],
    ['a file that is created below', 'punch |A offset 0 size 4K\ngmem A size 4M', {}],
    [
      'a slot that is not there',
      `${SETUP}discard slot |7 offset 2M size 4K`,
      { 'Create it: `slot 7 gpa 0x90200000 size 4M`': 'slot 7 gpa 0x90200000 size 4M' },
    ],
    [
      'the first slot',
      'delete slot |0',
      { 'Create it: `slot 0 gpa 0x80000000 size 2M`': 'slot 0 gpa 0x80000000 size 2M' },
    ],
    [
      'a slot for what is prefaulted',
      `${SETUP}pre|fault vcpu 0 gpa 0x901ff000 size 12K`,
      { 'Create a slot there: `slot 2 gpa 0x901ff000 size 12K`': 'slot 2 gpa 0x901ff000 size 12K' },
    ],
    ['a constant that is not known', 'gmem A size |total', { 'Name it: `let total = 2M`': 'let total = 2M' }],
    [
      'a constant that counts pages',
      'slot 0 gfn |first..first + 2',
      { 'Name it: `let first = 0x80000`': 'let first = 0x80000' },
    ],
    [
      'a constant that is nearly known',
      'let total = 2M\ngmem A size |totl',
      { 'Change to `total`': 'gmem A size total', 'Name it: `let totl = 2M`': 'let totl = 2M' },
    ],
    [
      'a minus without room',
      'let total = 2M\ngmem A size |total-4K',
      { 'Change to `total - 4K`': 'gmem A size total - 4K' },
    ],
  ])('%s', async (_what, marked, expected) => {
    expect(await linesAfter(marked, QUICK)).toEqual(expected);
  });

  test('each fixes what it says: afterwards it is not complained about', async () => {
    for (const marked of [
      `${SETUP}slot 2 gpa |0x80100000 size 2M`,
      `${SETUP}slot 2 gpa 0xa0000000 size 2M gmem A offset |1M`,
      `${SETUP}discard slot |7 offset 2M size 4K`,
      `${SETUP}punch |B offset 1M size 2M`,
    ]) {
      const { after } = await actionsAt(marked, QUICK);
      for (const text of after.values()) expect((await actionsAt(`${text}|`, QUICK)).actions).toEqual([]);
    }
  });

  test('they name their diagnostic, and one that was surely meant is preferred', async () => {
    const { actions } = await actionsAt(`${SETUP}pun|hc A offset 0 size 4K`, QUICK);
    expect(actions).toMatchObject([{ isPreferred: true, diagnostics: [{ code: 'G001' }] }]);
  });

  test('none where nothing is wrong, or another kind is asked for', async () => {
    expect((await actionsAt(`${SETUP}punch A offset |0 size 4K`, QUICK)).actions).toEqual([]);
    expect((await actionsAt(`${SETUP}pun|hc A offset 0 size 4K`, ['source'])).actions).toEqual([]);
  });
});
