import { describe, expect, it } from 'vitest';
import { lineSplitter, runCommand } from '../../kernel/command';

it('splits pieces into lines', () => {
  const lines: string[] = [];
  const split = lineSplitter((line) => lines.push(line));
  for (const piece of ['a', 'b\n', '\nc\r\nd', '', '\n', 'rest']) split(piece);
  expect(lines).toEqual(['ab', '', 'c', 'd']);
});

describe('runCommand', () => {
  const node = (code: string, options = {}) => runCommand(process.execPath, ['-e', code], options);

  it('gives the standard output, and the lines of both streams as they come', async () => {
    const lines: string[] = [];
    const code = 'console.log("out"); console.error("err")';
    const output = await node(code, {
      onLine: (line: string, stream: string) => lines.push(`${stream} ${line}`),
    });
    expect(output).toBe('out\n');
    expect(lines.sort()).toEqual(['stderr err', 'stdout out']);
  });

  it('quotes the last lines of what failed', async () => {
    await expect(node('console.error("cannot"); process.exit(3)')).rejects.toThrow(
      /failed with status 3:\ncannot/,
    );
  });

  it('says what cannot be started', async () => {
    await expect(runCommand('/no/such/program', [])).rejects.toThrow(/\/no\/such\/program cannot be started/);
  });

  it('ends the program when it is aborted', async () => {
    const controller = new AbortController();
    const onLine = () => controller.abort(new Error('enough'));
    const run = node('console.log("up"); setInterval(() => {}, 1000)', { signal: controller.signal, onLine });
    await expect(run).rejects.toThrow('enough');
  });

  it('starts nothing once it is aborted', async () => {
    await expect(node('', { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
  });
});
