import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';

/** A folder for the scenarios of a test file, which is gone after it. */
export function scratchFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'gmemscope-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const scenario = (name: string, text: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  return { folder, scenario };
}

/** What a command prints in each test, in place of printing it. */
export function capturedConsole() {
  const captured = { out: [] as string[], err: [] as string[] };
  beforeEach(() => {
    captured.out.length = 0;
    captured.err.length = 0;
    vi.spyOn(console, 'log').mockImplementation((text: string) => void captured.out.push(text));
    vi.spyOn(process.stdout, 'write').mockImplementation((block) => {
      captured.out.push(...String(block).replace(/\n$/, '').split('\n'));
      return true;
    });
    vi.spyOn(console, 'error').mockImplementation((text: string) => void captured.err.push(text));
  });
  afterEach(() => vi.restoreAllMocks());
  return captured;
}

/** What a command writes to stdout in each test, as one text. A test may empty it between two commands. */
export function capturedStdout() {
  const stdout = { text: '' };
  beforeEach(() => {
    stdout.text = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout.text += String(text);
      return true;
    });
  });
  afterEach(() => vi.restoreAllMocks());
  return stdout;
}
