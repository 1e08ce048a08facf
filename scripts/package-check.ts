/** Checks the .vsix before it is released. */
import path from 'node:path';
import { zipEntries } from './zip-entries';

/** All files of the extension; the first two are added by the packager. */
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

/** Bytes; a package above this has gained something large. */
const largest = 500_000;

/** The problems of a package, one sentence each; empty if it can be released. */
export function packageProblems(archive: Buffer): readonly string[] {
  const entries = zipEntries(archive);
  const names = entries.map(({ name }) => name);
  const readme = entries.find(({ name }) => name === 'extension/readme.md');
  return [
    ...packageFiles.filter((name) => !names.includes(name)).map((name) => `${name} is missing.`),
    ...names.filter((name) => !packageFiles.includes(name)).map((name) => `${name} should not be included.`),
    ...brokenLinks(readme?.content().toString('utf8') ?? '', names).map(
      (link) => `The readme links to ${link}, which is not included.`,
    ),
    ...(archive.length > largest ? [`The package has ${archive.length} bytes, more than ${largest}.`] : []),
  ];
}

/** Relative links and images of the readme that do not lead to a file of the package. */
function brokenLinks(readme: string, names: readonly string[]): readonly string[] {
  const links = [...readme.matchAll(/\]\(([^)\s]+)[^)]*\)|<img[^>]*\ssrc="([^"]+)"/g)].map(
    ([, markdown, html]) => markdown ?? html ?? '',
  );
  return links.filter((link) => {
    if (/^([a-z][a-z0-9+.-]*:|#)/i.test(link)) return false;
    return !names.includes(path.posix.join('extension', link.replace(/#.*$/, '')));
  });
}
