import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder for one test. */
export interface Folder {
  readonly path: string;
  /** Writes a file in it, and says where that is. */
  readonly file: (name: string, text: string) => string;
  /** A text without the name of the folder. */
  readonly without: (text: string) => string;
  readonly remove: () => void;
}

export function makeFolder(): Folder {
  const folder = mkdtempSync(path.join(tmpdir(), 'gmemscope-'));
  return {
    path: folder,
    file: (name, text) => {
      const where = path.join(folder, name);
      mkdirSync(path.dirname(where), { recursive: true });
      writeFileSync(where, text);
      return where;
    },
    without: (text) => text.replaceAll(`${folder}/`, ''),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
