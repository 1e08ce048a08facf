import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../../src/cli/commands';
import { compare } from '../../src/cli/compare-command';
import { capturedConsole } from './scratch';

const { out } = capturedConsole();
const text = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');
const COMMANDS = { run, compare };

interface Shown {
  readonly command: keyof typeof COMMANDS;
  readonly args: readonly string[];
  /** Some of what it prints, line by line. */
  readonly lines: readonly string[];
}

/** What the README shows of commands: behind `$` in the same fence, or alone in the fence before. */
function shownIn(readme: string): readonly Shown[] {
  const fences = [...readme.matchAll(/```(?:sh|text)\n([^`]*)```/g)].map(([, body = '']) => body.trimEnd());
  const texts = [...readme.matchAll(/```text\n([^`]*)```/g)].map(([, body = '']) => body.trimEnd());
  return texts.map((body) => {
    const own = /^\$ npx gmemscope (\w+) (.*)\n([\s\S]*)$/.exec(body);
    const before = /^npx gmemscope (\w+) (.*)()$/.exec(fences[fences.indexOf(body) - 1] ?? '');
    const [, command = '', args = '', printed = ''] = own ?? before ?? [];
    return {
      command: command as keyof typeof COMMANDS,
      args: args.split(' '),
      lines: (printed || body).split('\n'),
    };
  });
}

it.each(shownIn(text))('gmemscope $command $args prints what the README shows', async (shown) => {
  await COMMANDS[shown.command]([...shown.args, '--color', 'never']);
  const printed = out.join('\n').split('\n');
  const first = printed.indexOf(shown.lines[0]!);
  expect(printed.slice(first, first + shown.lines.length)).toEqual(shown.lines);
});

it('knows every output in the README', () => {
  expect(shownIn(text).map(({ command }) => command)).toEqual(['run', 'compare']);
});
