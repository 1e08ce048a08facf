/** What must hold of the .vsix that is handed out. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../workbench/paths';
import { zipEntries } from './zip-entries';

/** What the packager adds by itself, under the names that it gives. */
const ADDED = ['[Content_Types].xml', 'extension.vsixmanifest', 'extension/readme.md'];
const RENAMED: Readonly<Record<string, string>> = { LICENSE: 'LICENSE.txt' };

/** All that the extension is made of: what `.vscodeignore` does not ignore, and what the packager adds. */
export const packageFiles: readonly string[] = [
  ...ADDED,
  ...readFileSync(path.join(projectRoot, '.vscodeignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1))
    .map((name) => `extension/${RENAMED[name] ?? name}`),
];

/** Bytes; somebody added something large where this is passed. */
const largest = 500_000;

/** What is wrong with a package, one sentence for each; none where it is fit to be handed out. */
export async function packageProblems(archive: Buffer): Promise<readonly string[]> {
  const entries = await zipEntries(archive);
  const names = entries.map(({ name }) => name);
  const readme = entries.find(({ name }) => name === 'extension/readme.md');
  return [
    ...packageFiles.filter((name) => !names.includes(name)).map((name) => `It lacks ${name}.`),
    ...names.filter((name) => !packageFiles.includes(name)).map((name) => `It should not hold ${name}.`),
    ...brokenLinks(readme?.content.toString('utf8') ?? '', names).map(
      (link) => `Its readme links to ${link}, which is not in it.`,
    ),
    ...(archive.length > largest ? [`It has ${archive.length} bytes, more than ${largest}.`] : []),
  ];
}

/** Relative links and pictures of the readme that lead to no file of the package. */
function brokenLinks(readme: string, names: readonly string[]): readonly string[] {
  const links = [...readme.matchAll(/\]\(([^)\s]+)[^)]*\)|<img[^>]*\ssrc="([^"]+)"/g)].map(
    ([, markdown, html]) => markdown ?? html ?? '',
  );
  return links.filter((link) => {
    if (/^([a-z][a-z0-9+.-]*:|#)/i.test(link)) return false;
    return !names.includes(path.posix.join('extension', link.replace(/#.*$/, '')));
  });
}
