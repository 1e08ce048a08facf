import { describe, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver';
import { openMarked, URI } from '../client';
import { ABLE, actionsAt, linesAfter } from './actions';

const SETUP = `vm sw-protected
gmem A size 4M
slot 0 gfn 0x80000..0x80200 gmem A pgoff 0
convert gfn 0x80000..0x80200 private
prefault vcpu 0 gfn 0x80000..0x80004
`;
const HOLE = 'punch A pgoff 0..2';
const HAPPENS = 'zapped slot 0 gfn 0x80000..0x80002, freed A pages 0x0..0x2, flush';

describe('accepting what happened', () => {
  test('on a failed expectation: the items that hold stay as they are written', async () => {
    expect(
      await linesAfter(`${SETUP}${HOLE} => zap|ped slot 0 gfn 0x80000, freed A page 0, freed A page 1`, [
        'quickfix',
      ]),
    ).toEqual({
      'Update expectation: `zapped slot 0 gfn 0x80000..0x80002, freed A page 0x0, freed A page 0x1`': `${HOLE} => zapped slot 0 gfn 0x80000..0x80002, freed A page 0x0, freed A page 0x1`,
    });
  });

  test.each([
    ['a word', `${HOLE} => no fl|ush # why`, 'Update expectation: `flush`', `${HOLE} => flush # why`],
    [
      'a failure',
      'punch A offset 1 size 4K => fl|ush',
      'Update expectation: `EINVAL, no flush`',
      'punch A offset 1 size 4K => EINVAL, no flush',
    ],
    [
      'comments between expectations stay',
      `${HOLE} => no fl|ush, # asked for\n  no WARN`,
      'Update expectation: `flush, no WARN`',
      `# asked for\n${HOLE} => flush, no WARN`,
    ],
  ])('%s', async (_what, line, title, expected) => {
    expect(await linesAfter(SETUP + line, ['quickfix'])).toEqual({ [title]: expected });
  });

  test('all in the file, worked out when it is chosen', async () => {
    const text = `${SETUP}${HOLE} => no fl|ush\nclose A => zapped all roots\ndelete slot 0\n`;
    const { actions, after } = await actionsAt(text, ['quickfix'], ABLE);
    expect(actions.map(({ title, edit }) => [title, edit !== undefined])).toEqual([
      ['Update expectation: `flush`', true],
      ['Update all expectations in file', false],
    ]);
    expect(after.get('Update all expectations in file')).toBe(
      `${SETUP}${HOLE} => flush\nclose A => zapped slot 0 gfn 0x80002..0x80004\ndelete slot 0\n`,
    );
  });

  test('an editor that does not ask for edits gets them at once', async () => {
    const text = `${SETUP}${HOLE} => no fl|ush\nclose A => zapped all roots\n`;
    const { actions } = await actionsAt(text, ['quickfix']);
    expect(actions.every(({ edit, data }) => edit !== undefined && data === undefined)).toBe(true);
  });

  test('what is chosen when the text is another has no effect', async () => {
    const { client } = await openMarked(`${SETUP}${HOLE} => no flush`, ABLE);
    const action: CodeAction = {
      title: 'Update all expectations in file',
      data: { uri: URI, version: 0, name: 'accept-all' },
    };
    await expect(client.connection.sendRequest('codeAction/resolve', action)).rejects.toMatchObject({
      code: -32801,
    });
    const foreign: CodeAction = { title: 'of somebody else', data: 7 };
    expect(await client.connection.sendRequest('codeAction/resolve', foreign)).toEqual(foreign);
    client.dispose();
  });
});

const TWO = `${SETUP}${HOLE} => freed nothing, fl|ush
scenario "one" { close A }
scenario "two" { delete slot 0 }
`;

describe('expecting what happens', () => {
  test('of one statement, and wherever something does', async () => {
    const { after } = await actionsAt(
      `${SETUP}${HOLE.replace('A', '|A')} # the hole\nclose A\n`,
      ['refactor.rewrite'],
      ABLE,
    );
    expect([...after.keys()]).toEqual([
      `Add expectation: \`${HAPPENS}\``,
      'Add all missing expectations in file',
    ]);
    expect(after.get(`Add expectation: \`${HAPPENS}\``)).toBe(
      `${SETUP}${HOLE} => ${HAPPENS} # the hole\nclose A\n`,
    );
    expect(after.get('Add all missing expectations in file')!.split('\n')).toEqual([
      ...SETUP.split('\n').slice(0, 4),
      'prefault vcpu 0 gfn 0x80000..0x80004 => mapped 4K gfn 0x80000..0x80004 rwx',
      `${HOLE} => ${HAPPENS} # the hole`,
      'close A => zapped slot 0 gfn 0x80002..0x80004, freed A pages 0x2..0x4, flush',
      '',
    ]);
  });

  test('a statement that does the same in all scenarios that share it is expected once', async () => {
    expect(await linesAfter(TWO, ['quickfix'])).toEqual({
      'Update expectation: `freed A pages 0x0..0x2, flush`': `${HOLE} => freed A pages 0x0..0x2, flush`,
    });
  });

  test('one that does not is left alone, with the reason', async () => {
    const text = `vm sw-protected
gmem A size 4M
slot 0 gfn 0..1 gmem A pgoff 0
slot 1 gfn 1..2 gmem |A pgoff 0
scenario "new" { close A }
scenario "old" { kernel linux-6.12 close A }
`;
    const able = await actionsAt(text, ['refactor.rewrite'], ABLE);
    expect(able.actions.find(({ title }) => title === 'Add expectation')).toMatchObject({
      disabled: { reason: expect.stringContaining('different outcomes') },
    });
    expect(able.after.get('Add all missing expectations in file')).not.toContain('gmem A pgoff 0 =>');
    expect((await actionsAt(text, ['refactor.rewrite'])).after.has('Add expectation')).toBe(false);
  });

  test('none of what calls nothing, and of what expectations something', async () => {
    expect((await actionsAt('kernel| linux-7.3\nvm default', ['refactor'])).actions).toEqual([]);
    expect((await actionsAt(`${SETUP}${HOLE} => fl|ush`, ['refactor'])).actions).toEqual([]);
  });
});
