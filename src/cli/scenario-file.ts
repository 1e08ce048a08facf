/** Reads a scenario from a file and reports its errors. */
import { readFile, writeFile } from 'node:fs/promises';
import {
  type Analysis,
  analyze,
  type Diagnostic,
  indexLines,
  type LineIndex,
  type Program,
  positionAt,
} from '../language';
import type { Painter } from './style';

/** Larger files are not scenarios; reading one would only fill the memory. */
export const MAX_BYTES = 64 * 1024 * 1024;

export interface ScenarioFile {
  /** As it was given. */
  readonly file: string;
  readonly text: string;
  readonly lines: LineIndex;
  readonly analysis: Analysis;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
};

/** The error for a file that is too large. */
export const TOO_LARGE = `it is larger than ${MAX_BYTES / 1024 / 1024} MiB`;

/** Why a file could not be read. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}

const MARK = '\uFEFF';

/** @throws Error that says why the file cannot be read, without its name. */
export async function readText(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    if (bytes.length > MAX_BYTES) throw new Error(TOO_LARGE);
    // A byte order mark is not part of the text.
    const text = bytes.toString('utf8');
    return text.startsWith(MARK) ? text.slice(MARK.length) : text;
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

/** Writes another text to an existing file and keeps its byte order mark. */
export async function rewriteText(file: string, text: string): Promise<void> {
  const hadMark = (await readFile(file, 'utf8')).startsWith(MARK);
  await writeFile(file, hadMark ? MARK + text : text);
}

/** @throws Error that says why the file cannot be read, without its name. */
export async function readScenario(file: string): Promise<ScenarioFile> {
  const text = await readText(file);
  return { file, text, lines: indexLines(text), analysis: analyze(text) };
}

/** `hole.gmem:3:12: error: …`, with line and column from 1, as compilers print them. */
export function diagnosticText(
  { file, lines }: ScenarioFile,
  diagnostic: Diagnostic,
  paint: Painter,
): string {
  const { line, character } = positionAt(lines, diagnostic.span.start);
  const { severity, message, code } = diagnostic;
  const label = paint(severity === 'error' ? 'error' : 'warning', `${severity}:`);
  return `${file}:${line + 1}:${character + 1}: ${label} ${message} (${code})`;
}

/** `hole.gmem: error: …`: an error that concerns the whole file. */
export function fileErrorText(file: string, error: unknown, paint: Painter): string {
  return `${file}: ${paint('error', 'error:')} ${error instanceof Error ? error.message : String(error)}`;
}

/**
 * The selected scenarios of a file.
 * @throws Error if none has the title.
 */
export function programsOf({ programs }: Analysis, title: string | undefined): readonly Program[] {
  if (title === undefined) return programs;
  const found = programs.filter((program) => program.title === title);
  if (found.length > 0) return found;
  const titles = programs.flatMap((program) => (program.title === null ? [] : [`"${program.title}"`]));
  const there = titles.length === 0 ? 'it has no `scenario` blocks' : `it has ${titles.join(', ')}`;
  throw new Error(`there is no scenario "${title}": ${there}`);
}
