import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { browserCommand } from '../../workbench/open-browser';
import { cacheDirectory, projectRoot } from '../../workbench/paths';
import { progressPrinter } from '../../workbench/progress';
import { explain, readArguments } from '../../workbench/start';
import { megabytes, vscodeBuild } from '../../workbench/vscode-build';

describe('the arguments of npm start', () => {
  const examples = path.join(projectRoot, 'examples');

  test.each([
    [[], { folder: examples, port: undefined, open: true }],
    [['--port', '9000', '--no-open'], { folder: examples, port: 9000, open: false }],
    [[projectRoot, '--port=0'], { folder: projectRoot, port: 0, open: true }],
    [['--help'], undefined],
  ])('%j', (args, expected) => expect(readArguments(args)).toEqual(expected));

  test.each([
    [['--prot', '1'], "'--prot'"],
    [['--port', '70000'], 'a number from 0 to 65535'],
    [['--port', 'x'], 'not x'],
    [['/nowhere/at/all'], 'is not a folder'],
    [['a', 'b'], 'At most one folder'],
  ])('%j is refused', (args, message) => expect(() => readArguments(args)).toThrow(message));
});

describe('the browser', () => {
  test.each<[NodeJS.Platform, Record<string, string>, readonly string[] | undefined]>([
    ['linux', { DISPLAY: ':0' }, ['xdg-open', 'url']],
    ['linux', { WAYLAND_DISPLAY: 'w' }, ['xdg-open', 'url']],
    ['linux', {}, undefined],
    ['linux', { DISPLAY: ':0', CI: 'true' }, undefined],
    ['darwin', {}, ['open', 'url']],
    ['win32', {}, ['cmd', '/c', 'start', '', 'url']],
  ])('on %s with %j', (platform, environment, expected) => {
    expect(browserCommand('url', platform, environment)).toEqual(expected);
  });
});

describe('the cache', () => {
  test.each([
    [{ XDG_CACHE_HOME: '/var/cache/me' }, '/var/cache/me/gmemscope'],
    [{ XDG_CACHE_HOME: 'relative' }, /\/\.cache\/gmemscope$/],
    [{}, /\/\.cache\/gmemscope$/],
  ])('with %j', (environment, expected) => expect(cacheDirectory(environment)).toMatch(expected));
});

describe('the progress of a download', () => {
  const printed = (isTTY: boolean) => {
    let text = '';
    const output = { isTTY, write: (more: string) => (text += more) };
    const progress = progressPrinter(output);
    for (const done of [0, 5, 55, 58, 200]) progress.show({ step: 'download', done, total: 100, size: 7e6 });
    progress.end();
    return text;
  };

  test('is a line every tenth in a log', () => {
    expect([...printed(false).matchAll(/(\d+) %/g)].map(([, percent]) => percent)).toEqual([
      '0',
      '50',
      '100',
    ]);
    expect(printed(false)).not.toContain('\r');
    expect(printed(false)).toContain('50 % of 7 MB\n');
  });

  test('is one line that changes on a terminal', () => {
    expect([...printed(true).matchAll(/\r[^\r]*?(\d+) %/g)].map(([, percent]) => percent)).toEqual([
      '0',
      '5',
      '55',
      '58',
      '100',
    ]);
    expect(printed(true).split('\n')).toHaveLength(2);
  });
});

describe('the sizes of the web build', () => {
  test('are those of the README', () => {
    const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');
    expect(readme).toContain(
      `${megabytes(vscodeBuild.packed)} to fetch, ${megabytes(vscodeBuild.kept)} to keep`,
    );
  });

  test('are in the message of a full disk', () => {
    const message = explain(Object.assign(new Error('write'), { code: 'ENOSPC' }));
    expect(message).toContain('it takes 232 MB, and 349 MB while it is unpacked. (write)');
  });
});
