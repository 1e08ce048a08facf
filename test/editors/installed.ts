/** A folder in which the command `gmemscope` can be called by its name, as it can once it is installed. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { commandBundle } from '../../scripts/build';

export interface Installed {
  readonly folder: string;
  /** The environment of a process that finds it, and no settings of whoever runs the tests. */
  readonly environment: NodeJS.ProcessEnv;
  /** Writes a file there, and gives its path. */
  readonly write: (name: string, text: string) => string;
  readonly remove: () => void;
}

export async function install(): Promise<Installed> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gmemscope-'));
  const bundle = path.join(folder, 'cli.mjs');
  await build({ ...commandBundle, minify: false, outfile: bundle });
  const write = (name: string, text: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const command = write('gmemscope', `#!/bin/sh\nexec "${process.execPath}" "${bundle}" "$@"\n`);
  chmodSync(command, 0o755);
  const homes = ['HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'];
  return {
    folder,
    environment: {
      ...process.env,
      ...Object.fromEntries(homes.map((name) => [name, folder])),
      PATH: `${folder}${path.delimiter}${process.env.PATH ?? ''}`,
    },
    write,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
