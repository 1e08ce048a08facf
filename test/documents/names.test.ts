import { readFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const sources = globSync(['{src,test,scripts,kernel,examples,docs}/**', '*.*'], {
  cwd: root,
  ignore: '**/node_modules/**',
});
const fileNames = new Set(sources.map((file) => path.posix.basename(file)));
const isThere = (file: string) =>
  sources.some((one) => one === file || one.startsWith(`${file.replace(/\/$/, '')}/`));
const code = sources.filter((file) => /\.(ts|c|h)$/.test(file)).map(read);
const words = new Set(code.flatMap((text) => text.match(/\b\w+\b/g) ?? []));

/** What stands between backticks, without the text of blocks. */
function quoted(page: string): readonly string[] {
  const prose = read(page).replace(/```[\s\S]*?```/g, '');
  return [...new Set([...prose.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!))];
}

describe.each(['CONTRIBUTING.md', 'docs/architecture.md'])('%s', (page) => {
  test('names files and folders that there are', () => {
    const paths = quoted(page).filter((text) =>
      /^(src|test|scripts|kernel|examples|docs)\/[\w./-]*$/.test(text),
    );
    expect(paths.filter((file) => !isThere(file))).toEqual([]);
    const files = quoted(page).filter((text) => /^[\w-]+(\/[\w-]+)*\.(ts|c|md)$/.test(text));
    expect(files.filter((file) => !fileNames.has(path.posix.basename(file)))).toEqual([]);
  });

  test('names symbols that the code has', () => {
    const symbols = quoted(page).filter((text) => /^([A-Z]\w+|[a-z]+[A-Z]\w*)$/.test(text));
    expect(symbols.filter((symbol) => !words.has(symbol))).toEqual([]);
  });

  test('names scripts of package.json', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
    const named = [...read(page).matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});
