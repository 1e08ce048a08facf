import { describe, expect, test } from 'vitest';
import { asksForHelp, HELP, helpOf } from '../../src/cli/help';

const COMMANDS = [...new Set([...HELP.matchAll(/^ {2}gmemscope (\w+)/gm)].map(([, name]) => name!))];

describe('the help of a command', () => {
  test.each(COMMANDS)('%s has its own lines, and those of no other', (command) => {
    const help = helpOf(command)!;
    const named = [...help.matchAll(/^ {2}gmemscope (\w+)/gm)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set([command]));
    expect(help).toContain('Exit status');
    for (const line of help.split('\n')) expect(HELP.split('\n')).toContain(line);
  });

  test('has its options', () => {
    expect(helpOf('fmt')).toContain('--no-align');
    expect(helpOf('doc')).toContain('doc update DOC…');
    expect(helpOf('doc')).toContain('--root FOLDER');
    expect(helpOf('fmt')).not.toContain('--kernel');
  });

  test('is not there for what is no command', () => {
    for (const name of ['frob', '', 'gmemscope']) expect(helpOf(name)).toBeNull();
  });

  test.each([
    [['--help'], true],
    [['a.gmem', '-h'], true],
    [['--', '--help'], false],
    [['a.gmem'], false],
    [[], false],
  ])('%j asks for it: %s', (args, asks) => {
    expect(asksForHelp(args)).toBe(asks);
  });
});
