import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { doc } from '../../src/cli/doc-command';
import { render } from '../../src/cli/render';
import { type KernelTree, makeKernelTree, patchOf } from './kernel-tree';

const docs = path.resolve(import.meta.dirname, '../../docs');
const patch = path.join(
  docs,
  'kernel-documentation/0001-Documentation-kvm-Show-what-a-hole-in-a-guest_memfd-zaps.patch',
);

/** What a terminal prints, of all places where docs/kernel-documentation.md shows it. */
const outputs = [
  ...readFileSync(path.join(docs, 'kernel-documentation.md'), 'utf8').matchAll(
    /^```text\n([\s\S]*?)\n```$/gm,
  ),
].map((match) => match[1]!);

describe('the example patch for a documentation tree', () => {
  let tree: KernelTree;
  let out: string[];

  beforeAll(() => {
    tree = makeKernelTree();
    tree.git('am', '--quiet', patch);
    vi.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text));
  });

  afterAll(() => {
    vi.restoreAllMocks();
    tree.remove();
  });

  const place = (name: string) => path.join(tree.root, 'Documentation/virt/kvm', name);
  const page = () => path.relative(process.cwd(), place('guest-memfd-holes.rst'));
  const run = async (action: string) => {
    out = [];
    const status = await doc([action, '--root', realpathSync(tree.root), '--color', 'never', page()]);
    return { status, out };
  };

  test('adds a document, a scenario and a drawing', () => {
    expect(tree.git('show', '--name-status', '--format=', 'HEAD')).toBe(
      [
        'A\tDocumentation/virt/kvm/guest-memfd-hole.gmem',
        'A\tDocumentation/virt/kvm/guest-memfd-hole.svg',
        'A\tDocumentation/virt/kvm/guest-memfd-holes.rst',
        '',
      ].join('\n'),
    );
  });

  /** What the last run printed, if the tree is the folder in which it ran. */
  const printed = () => out.join('\n').replaceAll(page(), 'Documentation/virt/kvm/guest-memfd-holes.rst');

  test('passes the check', async () => {
    expect((await run('check')).status).toBe(0);
    expect(printed()).toBe(outputs[0]);
  });

  test('fails the check as the page shows it where the document leaves something out', async () => {
    const document = place('guest-memfd-holes.rst');
    const text = readFileSync(document, 'utf8');
    const left = text.replace(/(#: zapped slot 0 gfn 0x801ff ·) slot 1 .*\n .*\n/, '$1 flush\n');
    writeFileSync(document, left);
    const { status } = await run('check');
    writeFileSync(document, text);
    expect(status).toBe(1);
    expect(printed()).toBe(outputs[1]);
    expect(outputs).toHaveLength(2);
  });

  test('keeps its prose within 80 columns', () => {
    const lines = readFileSync(place('guest-memfd-holes.rst'), 'utf8').split('\n');
    expect(lines.filter((line) => line.length > 80 && !line.includes('=>'))).toEqual([]);
  });

  test('has the drawing that `gmemscope render` makes, byte for byte', async () => {
    const made = path.join(tree.root, 'made.svg');
    await render([place('guest-memfd-hole.gmem'), '--output', made]);
    expect(readFileSync(made, 'utf8')).toBe(readFileSync(place('guest-memfd-hole.svg'), 'utf8'));
  });

  test('fails where the kernel would do something else', async () => {
    const scenario = place('guest-memfd-hole.gmem');
    const text = readFileSync(scenario, 'utf8');
    writeFileSync(scenario, text.replace('size 1M gmem A offset 2M', 'size 1M gmem A offset 3M'));
    const { status } = await run('check');
    writeFileSync(scenario, text);
    expect(status).toBe(1);
    expect(out.join('\n')).toContain('slot 1 gpa 0x90000000 size 1M gmem A offset 3M');
  });

  // `npx vitest run -u` writes the patch anew.
  test('is what `doc update` makes of it', async () => {
    await run('update');
    tree.git('add', 'Documentation');
    tree.git('commit', '--quiet', '--amend', '--no-edit');
    await expect(patchOf(tree)).toMatchFileSnapshot(patch);
  });
});
