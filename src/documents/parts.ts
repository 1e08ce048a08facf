/**
 * The parts of a document that matter here: code blocks, images, and the comments that say what belongs in them. Lines
 * are numbered from 0.
 */

import { elementAt, firstOf } from '../simulator';

export interface CodeBlock {
  readonly kind: 'code';
  /** First word of the info string, or the language of the directive; empty if there is none. */
  readonly language: string;
  /** First line of the content, and the line after its last. */
  readonly start: number;
  readonly end: number;
  /** The prefix of each content line in the document: indentation or quotation marks. */
  readonly prefix: string;
  /** Without the prefix; each line ends with a line feed. */
  readonly content: string;
}

export interface Image {
  readonly kind: 'image';
  readonly line: number;
  /** As written in the document. */
  readonly path: string;
}

/** A comment that begins with `gmem:`. */
export interface Instruction {
  readonly kind: 'instruction';
  readonly line: number;
  /** The text after `gmem:` on the same line. */
  readonly words: readonly string[];
  /** The following lines, up to the end of the comment. */
  readonly body: string;
}

/** Other visible content: a comment right before it does not apply to a block. */
export interface Passage {
  readonly kind: 'passage';
  readonly line: number;
}

/** A misspelled instruction. */
export interface Lookalike {
  readonly kind: 'lookalike';
  readonly line: number;
  /** The error, as a sentence. */
  readonly message: string;
}

export type Part = CodeBlock | Image | Instruction | Passage | Lookalike;

/** Finds the parts of a document, in the order of the text. */
export type FindParts = (text: string) => readonly Part[];

const INSTRUCTION = /^\s*gmem:\s*(.*)$/;

/** Misspellings of the comments of this project. */
const ALMOST = /^\s*gmem\s*(?::|(?:setup|name|after|include|fragment|run|figure)\b)/i;

/** The instruction in the text of a comment that begins on `line`, or a misspelled one; null for other comments. */
export function instructionIn(comment: string, line: number): Instruction | Lookalike | null {
  const [first = '', ...rest] = comment.split('\n');
  const match = INSTRUCTION.exec(first);
  if (match === null) {
    if (!ALMOST.test(comment)) return null;
    const words = firstOf(comment.trim().split('\n'));
    return lookalike(
      line,
      `\`${words}\`: it must begin with \`gmem:\`, in lower case, on the comment's first line`,
    );
  }
  const words = elementAt(match, 1)
    .split(/\s+/)
    .filter((word) => word !== '');
  return { kind: 'instruction', line, words, body: dedent(rest).join('\n') };
}

export function lookalike(line: number, message: string): Lookalike {
  return { kind: 'lookalike', line, message };
}

export function passage(line: number): Passage {
  return { kind: 'passage', line };
}

/** The lines without their common indentation; blank lines do not count. */
export function dedent(lines: readonly string[]): readonly string[] {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/[^ \t]|$/));
  const common = Math.min(...indents, Number.POSITIVE_INFINITY);
  return lines.map((line) => (line.trim() === '' ? '' : line.slice(common)));
}

/** Lines without their line endings. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/);
}
