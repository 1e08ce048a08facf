/** Reads scenarios from files, and reports their errors. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import {
  type Analysis,
  analyze,
  type Diagnostic,
  indexLines,
  type LineIndex,
  type Program,
  positionAt,
} from '../language';
import { MOST_BYTES } from './limits';
import { saveFile } from './save';
import type { Painter } from './style';

export interface ScenarioFile {
  /** As given on the command line. */
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
const TOO_LARGE = `it is larger than ${MOST_BYTES / 1024 / 1024} MiB`;

/** Why a file could not be read. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}

const MARK = '\uFEFF';

const NOT_UTF8 = 'it is not UTF-8 text; convert it first, for instance with `iconv -t UTF-8`';

/** @throws Error if the bytes are not UTF-8: a lenient decoder would lose them when the file is written. */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    // A byte order mark is not part of the text.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error(NOT_UTF8);
  }
}

/**
 * The bytes of a regular file.
 * @throws Error that says why the file cannot be read; it does not name the file.
 */
function readBytes(file: string): Uint8Array {
  try {
    const status = statSync(file);
    // Reading a pipe or a device could block forever, or never end.
    if (!status.isFile() && !status.isDirectory()) throw new Error('it is not a regular file');
    if (status.size > MOST_BYTES) throw new Error(TOO_LARGE);
    return readFileSync(file);
  } catch (error) {
    throw new Error(reasonOf(error));
  }
}

/** @throws Error that says why the file cannot be read; it does not name the file. */
export function readTextNow(file: string): string {
  return decodeUtf8(readBytes(file));
}

/** As readTextNow(), with the error as a rejection. */
export async function readText(file: string): Promise<string> {
  return readTextNow(file);
}

/**
 * The text of standard input, which has no size that could be checked before.
 * @throws Error if it is too large or not UTF-8; the rest of a stream that is too large is not read.
 */
export async function readStream(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop destroys the stream.
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(TOO_LARGE);
    chunks.push(chunk);
  }
  return decodeUtf8(Buffer.concat(chunks));
}

/**
 * Replaces the text of an existing file; keeps its byte order mark.
 * @param before The text from which the new one was made.
 * @throws Error if the file was changed since, or cannot be written.
 */
export async function rewriteText(file: string, text: string, before: string): Promise<void> {
  const bytes = readBytes(file);
  if (decodeUtf8(bytes) !== before) {
    throw new Error('it was changed meanwhile, so it is left as it is: run the command again');
  }
  const hadMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  await saveFile(file, hadMark ? MARK + text : text);
}

/** Documents that can never be scenarios; a text file may be one. */
const DOCUMENT = /\.(?:md|markdown|rst)$/i;

/** @throws Error that says why the file cannot be read, without its name. */
export async function readScenario(file: string): Promise<ScenarioFile> {
  if (DOCUMENT.test(file) && existsSync(file)) {
    throw new Error(
      'it is a document: check the scenarios in it with `gmemscope doc check`, or copy a scenario into a `.gmem` file',
    );
  }
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
