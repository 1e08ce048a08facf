import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandBundle } from '../../scripts/build';
import { inOrder } from '../../src/cli/parallel';

const folder = mkdtempSync(path.join(tmpdir(), 'gmemscope-'));
const command = path.join(folder, 'cli.mjs');
const worker = path.join(folder, 'worker.mjs');

/** A worker whose jobs are numbers; it does nothing until there is none left for anybody else. */
const WORKER = `import { threadId } from 'node:worker_threads';
import { serve } from './src/cli/parallel';
await serve({
  square: (number) => {
    if (number === 13) throw new Error('thirteen');
    return { number, square: number * number, threadId };
  },
  end: () => process.exit(3),
});`;

const root = path.resolve(import.meta.dirname, '../..');

beforeAll(async () => {
  await build({ ...commandBundle, minify: false, outfile: command });
  const stdin = { contents: WORKER, resolveDir: root, loader: 'ts' } as const;
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: worker });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Square {
  readonly number: number;
  readonly square: number;
  readonly threadId: number;
}

const numbers = Array.from({ length: 100 }, (_, at) => at + 20);

/** What this thread does with a number: it lets the workers overtake. */
async function slowly(number: number): Promise<Square> {
  await new Promise((resolve) => setTimeout(resolve, number % 3));
  return { number, square: number * number, threadId: 0 };
}

function squares(jobs: readonly number[], helpers: number, task = 'square'): Promise<readonly Square[]> {
  const found: Square[] = [];
  const how = { task, script: pathToFileURL(worker), helpers };
  return inOrder(how, jobs, slowly, (one: Square) => found.push(one)).then(() => found);
}

describe('work in several threads', () => {
  it.each([0, 1, 3])('gives results in the order of the jobs, with %i helpers', async (helpers) => {
    const found = await squares(numbers, helpers);
    expect(found.map(({ number }) => number)).toEqual(numbers);
    expect(found.every(({ number, square }) => square === number * number)).toBe(true);
  });

  it('fails if a job fails', async () => {
    const late = async (): Promise<Square> => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { number: 0, square: 0, threadId: 0 };
    };
    const jobs = [1, ...Array.from({ length: 10_000 }, () => 13)];
    const how = { task: 'square', script: pathToFileURL(worker), helpers: 1 };
    await expect(inOrder(how, jobs, late, () => undefined)).rejects.toThrow('thirteen');
  });

  it('fails if a worker ends', async () => {
    const endless = Array.from({ length: 100_000 }, (_, at) => at);
    await expect(squares(endless, 1, 'end')).rejects.toThrow('a worker ended with code 3');
  });
});

/** Scenarios large enough for workers, one of which fails. */
function files(): readonly string[] {
  return Array.from({ length: 8 }, (_, at) => {
    const lines = ['vm sw-protected', 'gmem A size 4M', 'slot 0 gpa 0 size 4M gmem A offset 0'];
    for (let page = 0; page < 300; page++) lines.push(`fault vcpu 0 write gpa ${page * 8192}`);
    lines.push(`punch A offset 0 size 4K => ${at === 5 ? 'EFAULT' : 'ok'}`, '# '.padEnd(8000, '.'));
    const file = path.join(folder, `${at}.gmem`);
    writeFileSync(file, lines.join('\n'));
    return file;
  });
}

/** What the command prints about one file after the other. */
function oneByOne(args: readonly string[], all: readonly string[]): string {
  return all.map((file) => spawnSync(process.execPath, [command, ...args, file]).stdout.toString()).join('');
}

describe('commands on many files', () => {
  it('compare prints what it prints for each file, in their order', () => {
    const all = files();
    const args = ['compare', '--kernel', 'rfc-2023-05'];
    const { stdout, stderr } = spawnSync(process.execPath, [command, ...args, ...all]);
    expect(stderr.toString()).toBe('');
    expect(stdout.toString()).toBe(oneByOne(args, all));
  });

  it('test reports on all, in their order', () => {
    const all = files();
    const { stdout, status } = spawnSync(process.execPath, [command, 'test', '--format', 'tap', ...all]);
    const results = stdout.toString().match(/^(?:not )?ok .*$/gm);
    expect(results).toEqual(all.map((file, at) => `${at === 5 ? 'not ok' : 'ok'} ${at + 1} - ${file}`));
    expect(status).toBe(1);
  });

  it('test counts the same steps as for one file after the other', () => {
    const all = files();
    const lcovOf = (name: string, given: readonly string[]) => {
      const out = path.join(folder, name);
      spawnSync(process.execPath, [command, 'test', `--coverage=${out}`, ...given]);
      return readFileSync(path.join(out, 'lcov.info'), 'utf8').replaceAll(out, '');
    };
    const [whole, reversed, first] = [all, all.toReversed(), all.slice(0, 1)].map((given, at) =>
      lcovOf(`coverage-${at}`, given),
    );
    expect(whole).toBe(reversed);
    expect(whole).toBe(
      first!
        .replaceAll(/^DA:(\d+),(\d+)$/gm, (_, line, count) => `DA:${line},${count * all.length}`)
        .replaceAll(/^FNDA:(\d+),/gm, (_, count) => `FNDA:${count * all.length},`),
    );
  });

  it('doc check prints what it finds, in their order', () => {
    const documents = files().map((file, at) => {
      const document = file.replace('.gmem', '.md');
      const shown = '```gmem\nvm sw-protected\ngmem A size 4M\n```\n'.repeat(300);
      writeFileSync(document, at === 5 ? `${shown}\n\`\`\`gmem\ngmem\n\`\`\`\n` : shown);
      return document;
    });
    const { stdout } = spawnSync(process.execPath, [command, 'doc', 'check', ...documents]);
    expect(stdout.toString()).toBe(oneByOne(['doc', 'check'], documents));
    expect(stdout.toString()).toContain('5.md:');
  });

  it('a signal ends them', async () => {
    const long = path.join(folder, 'long.gmem');
    writeFileSync(
      long,
      `vm sw-protected\nslot 0 gpa 0 size 1G\n${'fault vcpu 0 write gpa 0\n'.repeat(100_000)}`,
    );
    const child = spawn(process.execPath, [command, 'compare', ...files(), long]);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([null, 'SIGINT']);
  });

  it('a few small files are done without', () => {
    const file = path.join(folder, 'small.gmem');
    writeFileSync(file, 'gmem A size 4K => ok\n');
    expect(
      execFileSync(process.execPath, [
        command,
        'test',
        file,
        command.replace('cli.mjs', '0.gmem'),
      ]).toString(),
    ).toContain('2 passed');
  });
});
