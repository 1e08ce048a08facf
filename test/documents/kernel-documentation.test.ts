import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { doc } from '../../src/cli/doc-command';
import { render } from '../../src/cli/render';
import { type KernelTree, makeKernelTree, patchOf } from './kernel-tree';

const patch = path.resolve(
  import.meta.dirname,
  '../../docs/kernel-documentation/0001-Documentation-kvm-Show-what-a-hole-in-a-guest_memfd-zaps.patch',
);

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

  test('passes the check', async () => {
    expect(await run('check')).toEqual({ status: 0, out: [`${page()}: 4 blocks`] });
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
