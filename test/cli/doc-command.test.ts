import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { doc } from '../../src/cli/doc-command';
import { UsageError } from '../../src/cli/exit';

let root: string;
let outside: string;
let out: string[];
let err: string[];

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'gmemscope-')));
  outside = realpathSync(mkdtempSync(path.join(tmpdir(), 'gmemscope-')));
  out = [];
  err = [];
  vi.spyOn(console, 'log').mockImplementation(
    (text: string) => void out.push(text.replaceAll(`${root}/`, '')),
  );
  vi.spyOn(console, 'error').mockImplementation(
    (text: string) => void err.push(text.replaceAll(`${root}/`, '')),
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
  rmSync(outside, { recursive: true });
});

function file(name: string, text: string): string {
  const where = path.join(root, name);
  mkdirSync(path.dirname(where), { recursive: true });
  writeFileSync(where, text);
  return where;
}

const run = (action: string, ...files: string[]) =>
  doc([action, '--root', root, '--color', 'never', ...files]);

const HOLE = 'gmem A size 4M\n';
const REFUSED: readonly (readonly [string, string])[] = [
  ['../../hole.gmem', 'it is outside '],
  ['../link/hole.gmem', 'it is outside '],
  ['/var/hole.gmem', 'its path is absolute'],
  ['file:///etc/hole.gmem', 'it is a URL'],
  ['https://example.org/hole.gmem', 'it is a URL'],
  ['//example.org/hole.gmem', 'it is a URL'],
];
const shows = (path: string) => `<!-- gmem: include ${path} -->\n\`\`\`gmem\n${HOLE}\`\`\`\n`;

describe('gmemscope doc', () => {
  it('reports the document, the line, its text and the correct text', async () => {
    const document = file('a.md', 'Text.\n\n```gmem\ngmem A size 4M\n#: A: pages 0x0..0x200\n```\n');
    expect(await run('check', document)).toBe(1);
    expect(out).toEqual([
      'a.md:4: gmem A size 4M\n    the document says  #: A: pages 0x0..0x200\n    the simulator says #: A: pages 0x0..0x400',
    ]);
  });

  it('passes where all is so, and counts', async () => {
    const good = file('a.rst', '.. code-block:: gmem\n\n   gmem A size 4M\n');
    expect(await run('check', good, file('b.md', 'nothing'))).toBe(0);
    expect(out).toEqual(['a.rst: 1 block', 'b.md: 0 blocks']);
  });

  it('writes a figure into a folder that is not there yet', async () => {
    const document = file(
      'a.md',
      `\`\`\`gmem\n${HOLE}\`\`\`\n\n<!-- gmem: figure -->\n![A](figures/a.svg)\n`,
    );
    expect(await run('update', document)).toBe(0);
    expect(readFileSync(path.join(root, 'figures/a.svg'), 'utf8')).toMatch(/^<svg /);
    expect(await run('check', document)).toBe(0);
  });

  it('writes nothing outside the root, not even through a link to what does not exist', async () => {
    const outside = path.join(path.dirname(root), `${path.basename(root)}-outside.svg`);
    symlinkSync(outside, path.join(root, 'link.svg'));
    const document = file('a.md', `\`\`\`gmem\n${HOLE}\`\`\`\n\n<!-- gmem: figure -->\n![A](link.svg)\n`);
    expect(await run('update', document)).toBe(1);
    expect(existsSync(outside)).toBe(false);
  });

  it('does not overwrite a picture that it did not draw', async () => {
    const picture = '<svg xmlns="http://www.w3.org/2000/svg"><title>Mine</title></svg>';
    file('mine.svg', picture);
    const document = file('a.md', `\`\`\`gmem\n${HOLE}\`\`\`\n\n<!-- gmem: figure -->\n![A](mine.svg)\n`);
    expect(await doc(['update', '--root', root, document])).toBe(1);
    expect(readFileSync(path.join(root, 'mine.svg'), 'utf8')).toBe(picture);
  });

  it('rewrites what is not', async () => {
    const document = file('a.md', '```gmem\ngmem A size 4M\n#:\n```\n\n<!-- gmem: run -->\n```\nx\n```\n');
    expect(await run('update', document)).toBe(0);
    expect(out).toEqual(['a.md: 2 blocks, 2 rewritten']);
    expect(readFileSync(document, 'utf8')).toBe(
      '```gmem\ngmem A size 4M\n#: A: pages 0x0..0x400\n```\n\n<!-- gmem: run -->\n```\ngmem A size 4M\n#: A: pages 0x0..0x400\n```\n',
    );
    expect(await run('check', document)).toBe(0);
  });

  it('counts a block once, however much of it is rewritten', async () => {
    const body = 'gmem A size 4M\n#:\nallocate A offset 0 size 4K => EINVAL\nclose A\n#: wrong\n';
    expect(await run('update', file('a.md', `\`\`\`gmem\n${body}\`\`\`\n`))).toBe(0);
    expect(out).toEqual(['a.md: 1 block, 1 rewritten']);
  });

  it('keeps a byte order mark', async () => {
    const document = file('a.md', '\uFEFF```gmem\ngmem A size 4M\n#:\n```\n');
    expect(await run('update', document)).toBe(0);
    expect(readFileSync(document, 'utf8')).toBe(
      '\uFEFF```gmem\ngmem A size 4M\n#: A: pages 0x0..0x400\n```\n',
    );
  });

  it('says what cannot be rewritten', async () => {
    expect(await run('update', file('a.md', '```gmem\ngmem A size 4M =>\n```\n'))).toBe(1);
    expect(out[0]).toContain('a.md:2: the scenario has an error: expected an outcome');
  });

  it('reads files beside the document, and none outside of its root', async () => {
    file('examples/hole.gmem', HOLE);
    writeFileSync(path.join(outside, 'hole.gmem'), HOLE);
    symlinkSync(outside, path.join(root, 'link'));
    expect(await run('check', file('docs/a.md', shows('../examples/hole.gmem')))).toBe(0);
    for (const [named, why] of REFUSED) {
      out = [];
      expect(await run('check', file('docs/a.md', shows(named)))).toBe(1);
      expect(out[0]).toContain(`${named}: ${why}`);
    }
    out = [];
    expect(await run('check', file('docs/a.md', shows('nothing.gmem')))).toBe(1);
    expect(out[0]).toContain('there is no file nothing.gmem');
  });

  it('says why a figure is not drawn, at its line, and goes on with the rest', async () => {
    symlinkSync(outside, path.join(root, 'link'));
    // To Markdown, `![](file:…)` is no image.
    for (const [named, why] of REFUSED.filter(([one]) => !one.startsWith('file:'))) {
      out = [];
      const figure = named.replace('.gmem', '.svg');
      const head = `\`\`\`gmem\n${HOLE}#:\n\`\`\`\n\n<!-- gmem: figure -->\n`;
      const document = file('docs/a.md', `${head}![A](${figure})\n\n<!-- gmem: figure -->\n![A](a.svg)\n`);
      expect(await run('update', document)).toBe(1);
      expect(out).toHaveLength(1);
      expect(out[0]).toContain(`docs/a.md:7: ${figure}: ${why}`);
      expect(readFileSync(document, 'utf8')).toContain('#: A: pages 0x0..0x400');
      expect(readFileSync(path.join(root, 'docs/a.svg'), 'utf8')).toMatch(/^<svg /);
    }
  });

  it('goes on with the next document where one cannot be read', async () => {
    expect(await run('check', path.join(root, 'none.md'), file('a.html', ''), file('b.md', ''))).toBe(1);
    expect(err).toEqual([
      'none.md: error: there is no such file',
      'a.html: error: it is neither Markdown (.md) nor reStructuredText (.rst, .txt)',
    ]);
    expect(out).toEqual(['b.md: 0 blocks']);
  });

  it('needs to be told what to do', async () => {
    await expect(doc([])).rejects.toThrow(UsageError);
    await expect(doc(['check'])).rejects.toThrow(UsageError);
    await expect(doc(['check'])).rejects.toThrow('`doc check` needs a document (.md, .rst or .txt)');
  });
});
