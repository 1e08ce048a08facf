import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectRoot } from '../../workbench/paths';
import { type Folder, makeFolder } from './folder';

let folder: Folder;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

/** A program in place of the real one, which waits until it is ended. */
function programThatWaits(name: string): void {
  chmodSync(folder.file(`bin/${name}`, '#!/bin/sh\necho $$ > "$TMPDIR/../waits"\nexec sleep 1000\n'), 0o755);
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'verify that is ended by %s removes its folders and its programs, and ends by the signal',
  async (signal) => {
    for (const name of ['gcc', 'qemu-system-x86_64', 'setpriv']) programThatWaits(name);
    const temporary = path.join(folder.path, 'tmp');
    mkdirSync(temporary);
    const kernel = path.join(folder.path, 'gmemscope/kernels/linux-7.3');
    folder.file('gmemscope/kernels/linux-7.3/bzImage', '');
    copyFileSync(path.join(projectRoot, 'kernel/kernel.config'), path.join(kernel, 'kernel.config'));
    const file = folder.file('a.gmem', 'vm default\nslot 0 gpa 0 size 4K\n');
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'verify', file], {
      cwd: projectRoot,
      env: {
        ...process.env,
        PATH: `${folder.path}/bin:${process.env.PATH}`,
        TMPDIR: temporary,
        XDG_CACHE_HOME: folder.path,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
    });
    const ended = once(child, 'close');
    const waits = path.join(folder.path, 'waits');
    while (!existsSync(waits) && child.exitCode === null) await delay(20);
    const made = () => readdirSync(temporary).filter((name) => name.startsWith('gmemscope-'));
    expect([said, made().length]).toEqual([expect.any(String), 1]);
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(made()).toEqual([]);
    expect(said).not.toContain('gmemscope: ');
  },
);
