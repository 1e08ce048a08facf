/** State shared by the checks of one document: the scenarios so far, and the findings. */
import { type LinesEdit, lineEdits } from '../language';
import { InstructionError } from './instructions';
import type { CodeBlock, FindParts } from './parts';
import { linesOfText, type Source } from './sources';

/** A mismatch or an error. */
export interface Finding {
  /** From 0. */
  readonly line: number;
  /**
   * What the finding concerns: a scenario that has errors, one of its expectations, what the document shows of it, a
   * file that the document shows, a drawing beside it, or a comment.
   */
  readonly about: 'scenario' | 'expectation' | 'shown' | 'file' | 'drawing' | 'comment';
  /** The statement or the figure. */
  readonly what: string;
  /** The text of the document; empty if something is missing. */
  readonly expected: readonly string[];
  /** The correct text, or the error as a sentence. */
  readonly actual: readonly string[];
}

export interface FileWrite {
  /** As written in the document. */
  readonly path: string;
  readonly content: string;
}

export interface CheckedDocument {
  /** Number of scenarios, runs and figures. */
  readonly count: number;
  readonly findings: readonly Finding[];
  readonly edits: readonly LinesEdit[];
  readonly files: readonly FileWrite[];
  /** Which of the scenarios, runs and figures the edits and files rewrite, from 0. */
  readonly rewritten: ReadonlySet<number>;
}

/**
 * A file that the document names but that may not be read or written, and the reason: the rest of a sentence about it.
 */
export interface RefusedFile {
  readonly refused: string;
}

/** What the checks need from outside. */
export interface Surroundings {
  readonly findParts: FindParts;
  /**
   * The text of a file beside the document, as the document names it; null if there is none. If undefined, references
   * to files are not checked.
   */
  readonly readFile: ((path: string) => string | null | RefusedFile) | null;
}

export interface Checking extends Surroundings {
  readonly scenarios: Map<string, Source>;
  last: Source | null;
  count: number;
  readonly findings: Finding[];
  readonly edits: LinesEdit[];
  readonly files: FileWrite[];
  readonly rewritten: Set<number>;
}

export function fail(line: number, message: string): never {
  throw new InstructionError(line, message);
}

/** Reports a finding that has only a sentence. */
export function complain({ findings }: Checking, line: number, what: string, sentence: string): void {
  findings.push({ line, about: 'comment', what, expected: [], actual: [sentence] });
}

/** Registers the name of a scenario. Names must be unique: a reference would be ambiguous. */
export function define(checking: Checking, name: string, source: Source, line: number): void {
  const known = checking.scenarios.get(name);
  if (known === undefined) checking.scenarios.set(name, source);
  else {
    const what = 'invalid comment';
    complain(checking, line, what, `the scenario in line ${known.line + 1} is already called \`${name}\``);
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

/** Compares a block with its correct lines and reports the first that differs. */
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

/** A line, and the outcome comments below it. */
interface Group {
  readonly lines: readonly string[];
  /** Index of the first of them in the block. */
  readonly start: number;
}

/** The lines in groups; outcome comments before the first line are a group of their own, which may be empty. */
function groupsOf(lines: readonly string[]): readonly Group[] {
  const starts = lines.flatMap((line, at) => (/^[ \t]*#:/.test(line) ? [] : [at]));
  return [0, ...starts].map((start, at) => ({
    lines: lines.slice(start, starts[at] ?? lines.length),
    start,
  }));
}

/** The edits from some lines to others: a line that changes keeps its place, and with it its line ending. */
function editsBetween(given: readonly string[], wanted: readonly string[], start: number): LinesEdit[] {
  const [from, to] = [groupsOf(given), groupsOf(wanted)];
  if (from.length !== to.length) return [...lineEdits(given, wanted, start)];
  return from.flatMap((group, at) => {
    const other = to[at]?.lines ?? [];
    const place = start + group.start;
    const [first, ...below] = group.lines;
    const [wantedFirst, ...wantedBelow] = other;
    if (at === 0 || first === wantedFirst) return [...lineEdits(group.lines, other, place)];
    return [
      { start: place, end: place + 1, lines: wantedFirst === undefined ? [] : [wantedFirst] },
      ...lineEdits(below, wantedBelow, place + 1),
    ];
  });
}

/** Notes the edits that make a block show these lines. Lines that it shows already keep their bytes. */
export function replaceLines(
  { edits, rewritten, count }: Checking,
  block: CodeBlock,
  wanted: readonly string[],
): void {
  const given = block.content === '' ? [] : linesOfText(block.content);
  // No text is no line, and not an empty one.
  const lines = wanted.length === 1 && wanted[0] === '' && given[0] !== '' ? [] : wanted;
  for (const { start, end, lines: added } of editsBetween(given, lines, block.start)) {
    edits.push({ start, end, lines: added.map((text) => withPrefix(block, text)) });
    rewritten.add(count);
  }
}

/** An empty line has no blanks at its end; others keep theirs, since they are part of what is shown. */
function withPrefix({ prefix }: CodeBlock, text: string): string {
  if (text === '') return prefix.trimEnd();
  // Markdown takes one space behind `>` for part of the quotation mark.
  return (prefix.endsWith('>') && text.startsWith(' ') ? `${prefix} ` : prefix) + text;
}
