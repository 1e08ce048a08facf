import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { projectRoot } from '../workbench/paths';
import { zipEntries } from './zip-entries';

/** Packs the build into a .vsix. */
export async function createPackage(file: string): Promise<void> {
  await createVSIX({
    cwd: projectRoot,
    packagePath: file,
    // The repository's readme addresses people with a clone and links into it.
    readmePath: 'src/extension/README.md',
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
}

/** Unpacks the extension from a .vsix into a folder, as an installation does. */
export async function unpackPackage(file: string, folder: string): Promise<void> {
  for (const { name, content } of await zipEntries(await readFile(file))) {
    if (!name.startsWith('extension/')) continue;
    const target = path.join(folder, path.relative('extension', name));
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}
