/** Comparing recordings, many at a time: what several threads do for conformance.ts. */
import { readFileSync } from 'node:fs';
import { compareRecording, mismatchText, type Recording } from '../src/outcome';

/** A line of a file of recordings. */
export interface Line {
  readonly place: string;
  readonly text: string;
}

export function readLines(file: string): readonly Line[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((text, at) => (text.trim() === '' ? [] : [{ place: `${file}:${at + 1}`, text }]));
}

export function recordingOf({ place, text }: Line): Recording {
  try {
    return JSON.parse(text) as Recording;
  } catch (error) {
    throw new Error(`${place} is not a recording: ${(error as Error).message}`);
  }
}

/** What is counted and printed of a recording. */
export interface Compared {
  readonly kernel: string;
  readonly statements: readonly { readonly keyword: string; readonly agrees: boolean }[];
  readonly reports: readonly string[];
}

function compared(line: Line): Compared {
  const recording = recordingOf(line);
  const { name, kernel } = recording;
  const { statements, mismatches, error } = compareRecording(recording);
  const [first] = mismatches;
  const reports = first === undefined ? [] : [mismatchText(recording, first)];
  if (error !== null) reports.push(`${name} on ${kernel} cannot be run: ${error}\n`);
  return { kernel, statements: statements.map(({ keyword, agrees }) => ({ keyword, agrees })), reports };
}

export function compareAll(lines: readonly Line[]): readonly Compared[] {
  return lines.map(compared);
}

/** Recordings of a job. */
const JOB = 50;

export function jobsOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  return Array.from({ length: Math.ceil(lines.length / JOB) }, (_, at) =>
    lines.slice(at * JOB, (at + 1) * JOB),
  );
}
