/** Reading a scenario from a file, and saying what is wrong with it. */
import { readFile } from 'node:fs/promises';
import { type Analysis, analyze, type Diagnostic, indexLines, positionAt } from '../language';
import type { Painter } from './style';

/** Larger files are not scenarios; reading one would only fill the memory. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface Scenario {
  /** As it was given. */
  readonly file: string;
  readonly text: string;
  readonly analysis: Analysis;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be read',
};

/** @throws Error with a message for people where the file cannot be read. */
export async function readScenario(file: string): Promise<Scenario> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
    // A byte order mark is no part of the text.
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    return { file, text, analysis: analyze(text) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`${file}: ${REASONS[code ?? ''] ?? message}`);
  }
}

/** `hole.gmem:3:12: error: …`, with line and column from 1, as compilers print them. */
export function diagnosticText({ file, text }: Scenario, diagnostic: Diagnostic, paint: Painter): string {
  const { line, character } = positionAt(indexLines(text), diagnostic.span.start);
  const { severity, message, code } = diagnostic;
  const label = paint(severity === 'error' ? 'error' : 'warning', `${severity}:`);
  return `${file}:${line + 1}:${character + 1}: ${label} ${message} (${code})`;
}
