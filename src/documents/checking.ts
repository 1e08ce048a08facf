/** What the checks of one document share: what is known so far, and what was found. */
import { InstructionError } from './instructions';
import { differingLines, type LinesEdit } from './lines';
import type { CodeBlock, FindParts } from './parts';
import { linesOfText, type Source } from './sources';

/** Something that is not so. */
export interface Finding {
  /** From 0. */
  readonly line: number;
  /**
   * A scenario that cannot be read, a claim of it, what is shown of it in the document, a file that the document shows,
   * a drawing beside it; a comment, or what it asks for.
   */
  readonly about: 'scenario' | 'claim' | 'shown' | 'file' | 'drawing' | 'comment';
  /** The statement or the figure. */
  readonly what: string;
  /** What the document says; empty where something is missing. */
  readonly expected: readonly string[];
  /** What is so, or what is wrong in a sentence. */
  readonly actual: readonly string[];
}

export interface FileWrite {
  /** As the document writes it. */
  readonly path: string;
  readonly content: string;
}

export interface CheckedDocument {
  /** How many scenarios, runs and figures there are. */
  readonly count: number;
  readonly findings: readonly Finding[];
  readonly edits: readonly LinesEdit[];
  readonly files: readonly FileWrite[];
}

/** A file that the document names and that is not read or written, and why: the rest of a sentence about it. */
export interface Refusal {
  readonly refused: string;
}

/** What the checks need from outside. */
export interface Surroundings {
  readonly findParts: FindParts;
  /**
   * The text of a file beside the document, as the document names it; null where there is none.
   * Without it, what the document says of files is not checked.
   */
  readonly readFile: ((path: string) => string | null | Refusal) | null;
}

export interface Checking extends Surroundings {
  readonly scenarios: Map<string, Source>;
  last: Source | null;
  count: number;
  readonly findings: Finding[];
  readonly edits: LinesEdit[];
  readonly files: FileWrite[];
}

export function fail(line: number, message: string): never {
  throw new InstructionError(line, message);
}

/** Notes something that can only be told in a sentence. */
export function complain({ findings }: Checking, line: number, what: string, sentence: string): void {
  findings.push({ line, about: 'comment', what, expected: [], actual: [sentence] });
}

/** Gives a scenario its name. A name is given once: what refers to it would be about either. */
export function define(checking: Checking, name: string, source: Source, line: number): void {
  const known = checking.scenarios.get(name);
  if (known === undefined) checking.scenarios.set(name, source);
  else {
    const what = 'a comment asks for what is not possible';
    complain(checking, line, what, `the scenario in line ${known.line + 1} is called \`${name}\` already`);
  }
}

/** The scenario that a comment refers to; without a name, the one above. */
export function refer(checking: Checking, name: string | null, line: number): Source {
  const found = name === null ? checking.last : checking.scenarios.get(name);
  if (found === null || found === undefined) {
    return fail(
      line,
      name === null ? 'there is no scenario above' : `no scenario above is called \`${name}\``,
    );
  }
  return found;
}

/** Compares a block with the lines that belong there, and notes the first that differs. */
export function compareLines(
  checking: Checking,
  block: CodeBlock,
  wanted: readonly string[],
  what: string,
): void {
  const given = linesOfText(block.content);
  const longer = Math.max(given.length, wanted.length);
  const first = Array.from({ length: longer }, (_, at) => at).find((at) => given[at] !== wanted[at]);
  if (first === undefined) return;
  const line = Math.min(block.start + first, Math.max(block.start, block.end - 1));
  const quoted = (text: string | undefined) => (text === undefined ? [] : [text]);
  checking.findings.push({
    line,
    about: 'shown',
    what,
    expected: quoted(given[first]),
    actual: quoted(wanted[first]),
  });
  replaceLines(checking, block, wanted);
}

/** Notes the edits that make a block show these lines. Lines that it shows already keep their bytes. */
export function replaceLines({ edits }: Checking, block: CodeBlock, wanted: readonly string[]): void {
  const given = block.content === '' ? [] : linesOfText(block.content);
  // No text is no line, and not an empty one.
  const lines = wanted.length === 1 && wanted[0] === '' && given[0] !== '' ? [] : wanted;
  for (const { start, end, lines: added } of differingLines(given, lines, block.start)) {
    edits.push({ start, end, lines: added.map((text) => withPrefix(block, text)) });
  }
}

/** An empty line has no blanks at its end; others keep theirs, since they are part of what is shown. */
function withPrefix({ prefix }: CodeBlock, text: string): string {
  return text === '' ? prefix.trimEnd() : prefix + text;
}
