import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { render } from '../../src/cli/render';

const root = path.resolve(import.meta.dirname, '../..');
const page = path.join(root, 'docs/figures.md');

const EXAMPLE = /```sh\nnpx gmemscope render (.*)\n```\n\n```text\n([^`]*)```/g;

async function output(args: string): Promise<string> {
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const [file = '', ...options] = args.split(' ');
  await render([path.join(root, file), ...options]);
  write.mockRestore();
  return out;
}

/** `npx vitest run test/figures -u` writes the page anew. */
async function withOutputs(text: string): Promise<string> {
  let written = text;
  for (const [whole, args = '', shown = ''] of text.matchAll(EXAMPLE)) {
    const start = whole.slice(0, whole.length - shown.length - 3);
    written = written.replace(whole, () => `${start}OUTPUT OF ${args}\`\`\``);
    const out = await output(args);
    written = written.replace(`OUTPUT OF ${args}`, () => out);
  }
  return written;
}

describe('docs/figures.md', () => {
  it('shows what the commands in it print', async () => {
    const text = readFileSync(page, 'utf8');
    expect([...text.matchAll(EXAMPLE)].length).toBe(4);
    await expect(await withOutputs(text)).toMatchFileSnapshot(page);
  });

  it('and the help name the same options', async () => {
    const { HELP } = await import('../../src/cli/help');
    const help = HELP.slice(HELP.indexOf('gmemscope render'), HELP.indexOf('gmemscope fmt'));
    const options = (text: string) =>
      [...new Set([...text.matchAll(/--[a-z]+/g)].map(([option]) => option))].sort();
    const table = readFileSync(page, 'utf8').match(/\| option[\s\S]*?\n\n/)![0];
    expect(options(table)).toEqual(options(help));
  });
});
