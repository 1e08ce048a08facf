import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** A folder for the files of a test file, which goes when its tests are over. */
export function scenarioFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'gmemscope-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    /** Writes a scenario; the file's path. */
    scenario: (name: string, text: string): string => {
      const file = path.join(folder, name);
      writeFileSync(file, text);
      return file;
    },
  };
}
