import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { saveFile } from '../../src/cli/save';
import { projectRoot } from '../../workbench/paths';
import { type Folder, makeFolder } from './folder';

let folder: Folder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

const text = (file: string) => readFileSync(file, 'utf8');
const node = ['--import', 'tsx'];

describe('saveFile', () => {
  test('writes a new file, and replaces an old one with its mode', async () => {
    const file = path.join(folder.path, 'a');
    await saveFile(file, 'one');
    expect(statSync(file).mode & 0o777).toBe(0o666 & ~process.umask());
    chmodSync(file, 0o640);
    await saveFile(file, 'two');
    expect([text(file), statSync(file).mode & 0o777]).toEqual(['two', 0o640]);
    expect(readdirSync(folder.path)).toEqual(['a']);
  });

  test('follows symbolic links, also to a file that does not exist yet', async () => {
    const file = folder.file('sub/a', 'one');
    const [link, second, dangling] = ['link', 'second', 'dangling'].map((name) =>
      path.join(folder.path, name),
    ) as [string, string, string];
    symlinkSync('sub/a', link);
    symlinkSync('link', second);
    symlinkSync('sub/new', dangling);
    await saveFile(second, 'two');
    await saveFile(dangling, 'three');
    expect([text(file), text(path.join(folder.path, 'sub/new'))]).toEqual(['two', 'three']);
    expect([link, second, dangling].map((one) => lstatSync(one).isSymbolicLink())).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('reports links in a circle', async () => {
    const [a, b] = [path.join(folder.path, 'a'), path.join(folder.path, 'b')];
    symlinkSync('b', a);
    symlinkSync('a', b);
    await expect(saveFile(a, 'one')).rejects.toThrow('too many symbolic links');
  });

  test('creates a file only where there is none, if asked to', async () => {
    const file = folder.file('a', 'one');
    await expect(saveFile(file, 'two', { exclusive: true })).rejects.toMatchObject({ code: 'EEXIST' });
    await saveFile(path.join(folder.path, 'b'), 'two', { exclusive: true });
    expect([text(file), text(path.join(folder.path, 'b'))]).toEqual(['one', 'two']);
    expect(readdirSync(folder.path).sort()).toEqual(['a', 'b']);
  });

  test('writes to a device in place', async () => {
    await saveFile('/dev/null', 'one');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('keeps its listeners for signals: one that arrives while a listener is removed would be lost', async () => {
    const file = path.join(folder.path, 'a');
    await saveFile(file, 'one');
    const before = process.listeners('SIGTERM');
    expect(before.length).toBeGreaterThan(0);
    await saveFile(file, 'two');
    expect(process.listeners('SIGTERM')).toEqual(before);
  });

  test('two writers at the same time: one wins, none is cut', async () => {
    const file = folder.file('a', 'x'.repeat(300_000));
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(300_000));
    await Promise.all(texts.map((one) => saveFile(file, one)));
    expect(texts).toContain(text(file));
    expect(readdirSync(folder.path)).toEqual(['a']);
  });
});

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  '%s in the middle of a save loses nothing',
  async (signal) => {
    const size = 4_000_000;
    for (const wait of [0, 7, 23, 61]) {
      const file = folder.file('a', 'x'.repeat(size));
      const child = spawn(process.execPath, [...node, 'test/cli/save-loop.ts', file, String(size)], {
        cwd: projectRoot,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit');
      await once(child.stdout, 'data');
      await delay(wait);
      child.kill(signal);
      expect((await ended)[1]).toBe(signal);
      const content = text(file);
      expect(content.length).toBe(size);
      expect(content).toBe(content[0]!.repeat(size));
      if (signal !== 'SIGKILL') expect(readdirSync(folder.path)).toEqual(['a']);
    }
  },
);

test('two processes that save the same file again and again never leave a part of it', {
  timeout: 0,
}, async () => {
  const size = 200_000;
  const file = folder.file('a', 'x'.repeat(size));
  const children = [1, 2].map(() =>
    spawn(process.execPath, [...node, 'test/cli/save-loop.ts', file, String(size)], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const ended = children.map((child) => once(child, 'exit'));
  await Promise.all(children.map((child) => once(child.stdout, 'data')));
  const seen = new Set<string>();
  while (seen.size < 20) {
    const content = text(file);
    expect(content.length).toBe(size);
    expect(content === content[0]!.repeat(size)).toBe(true);
    seen.add(content[0]!);
    await delay(1);
  }
  for (const child of children) child.kill();
  await Promise.all(ended);
  expect(readdirSync(folder.path)).toEqual(['a']);
});

test('a full disk leaves the file as it was, and is reported', () => {
  // A mount of the child's own: a namespace, with root in it where the user is not root.
  const script = `
    mount -t tmpfs -o size=256k none ${folder.path} && cd ${folder.path} &&
    printf 'slot 0 gpa 0 size   4K\\n' > a.gmem && { head -c 1M /dev/zero > fill || true; } 2>/dev/null &&
    (cd ${projectRoot} && node --import tsx src/cli/main.ts fmt ${folder.path}/a.gmem --color never);
    echo "status $?"; cat a.gmem; ls`;
  const root = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const { stdout, stderr } = spawnSync('unshare', [...root, '--mount', 'sh', '-c', script], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('status 1\nslot 0 gpa 0 size   4K\na.gmem\nfill\n');
  expect(stderr).toContain('no space left on device');
  expect(existsSync(path.join(folder.path, 'a.gmem'))).toBe(false);
});
