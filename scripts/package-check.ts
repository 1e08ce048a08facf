/** Checks of the .vsix before it is released. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../workbench/paths';
import { type BundledPackage, NOTICES, noticeHead } from './notices';
import { zipEntries } from './zip-entries';

/** Files that the packager adds, under its names for them. */
const ADDED = ['[Content_Types].xml', 'extension.vsixmanifest', 'extension/readme.md'];
const RENAMED: Readonly<Record<string, string>> = { LICENSE: 'LICENSE.txt' };

/** All files of the package: those that `.vscodeignore` does not ignore, and those that the packager adds. */
export const packageFiles: readonly string[] = [
  ...ADDED,
  ...readFileSync(path.join(projectRoot, '.vscodeignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1))
    .map((name) => `extension/${RENAMED[name] ?? name}`),
];

const NOTICES_FILE = `extension/dist/${NOTICES}`;

/** Bytes. A larger package probably contains a file by mistake. */
const largest = 500_000;

/**
 * The problems of a package, a sentence each; empty if it can be released.
 * @param packages The packages whose code is in the bundles.
 */
export async function packageProblems(
  archive: Buffer,
  packages: readonly BundledPackage[],
): Promise<readonly string[]> {
  const entries = await zipEntries(archive);
  const names = entries.map(({ name }) => name);
  const readme = entries.find(({ name }) => name === 'extension/readme.md');
  const notices = entries.find(({ name }) => name === NOTICES_FILE)?.content.toString('utf8') ?? '';
  return [
    ...packageFiles.filter((name) => !names.includes(name)).map((name) => `${name} is missing.`),
    ...names.filter((name) => !packageFiles.includes(name)).map((name) => `${name} should not be included.`),
    ...packages
      .filter((one) => ![noticeHead(one), ...one.texts].every((text) => notices.includes(text)))
      .map(({ name }) => `${NOTICES_FILE} has no licence of ${name}.`),
    ...brokenLinks(readme?.content.toString('utf8') ?? '', names).map(
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
