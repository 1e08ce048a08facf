/** What must hold of the .vsix that is handed out. */
import path from 'node:path';
import { zipEntries } from './zip-entries';

/** All that the extension is made of; the first two are the packager's own. */
export const packageFiles: readonly string[] = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/LICENSE.txt',
  'extension/dist/extension.cjs',
  'extension/dist/memory-map.css',
  'extension/dist/memory-map.js',
  'extension/language-configuration.json',
  'extension/media/file-dark.svg',
  'extension/media/file-light.svg',
  'extension/media/icon.png',
  'extension/media/preview.css',
  'extension/media/walkthrough/back.md',
  'extension/media/walkthrough/begin.md',
  'extension/media/walkthrough/debug.md',
  'extension/media/walkthrough/hint.md',
  'extension/media/walkthrough/hole.svg',
  'extension/media/walkthrough/into.md',
  'extension/media/walkthrough/slot.svg',
  'extension/media/walkthrough/zap.md',
  'extension/package.json',
  'extension/readme.md',
  'extension/snippets/gmem.json',
  'extension/syntaxes/gmem-directive.tmLanguage.json',
  'extension/syntaxes/gmem-fence.tmLanguage.json',
  'extension/syntaxes/gmem-listing.tmLanguage.json',
  'extension/syntaxes/gmem.tmLanguage.json',
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
