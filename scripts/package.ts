/** `npm run package`: the .vsix for VS Code on a desktop, and a check of what is in it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { projectRoot } from '../workbench/paths';
import { build } from './build';
import { zipEntries } from './zip-entries';

/** All that the extension is made of; the first two are the packager's own. */
const expected: readonly string[] = [
  '[Content_Types].xml',
  'extension.vsixmanifest',
  'extension/LICENSE.txt',
  'extension/dist/extension.cjs',
  'extension/language-configuration.json',
  'extension/media/file-dark.svg',
  'extension/media/file-light.svg',
  'extension/media/icon.png',
  'extension/package.json',
  'extension/readme.md',
  'extension/snippets/gmem.json',
  'extension/syntaxes/gmem.tmLanguage.json',
];

/** Bytes; somebody added something large where this is passed. */
const largest = 500_000;

await build();
const { version } = JSON.parse(await readFile(path.join(projectRoot, 'package.json'), 'utf8'));
const file = path.join(projectRoot, `gmemscope-${version}.vsix`);
await createVSIX({
  cwd: projectRoot,
  packagePath: file,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
const archive = await readFile(file);
const names = zipEntries(archive).map(({ name }) => name);
const missing = expected.filter((name) => !names.includes(name));
const surplus = names.filter((name) => !expected.includes(name));
for (const name of missing) console.error(`missing from the package: ${name}`);
for (const name of surplus) console.error(`not expected in the package: ${name}`);
if (archive.length > largest) console.error(`the package is larger than ${largest} bytes`);
if (missing.length + surplus.length > 0 || archive.length > largest) process.exitCode = 1;
else
  console.log(
    `\nIt holds what runs and nothing else. Install it: code --install-extension ${path.relative(projectRoot, file)}`,
  );
