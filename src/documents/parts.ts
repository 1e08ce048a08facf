/**
 * What a document has for this project: blocks of code, images, and the comments with which it says what belongs in
 * them. Lines are numbered from 0.
 */

export interface CodeBlock {
  readonly kind: 'code';
  /** First word of the info string, or the language of the directive; empty where there is none. */
  readonly language: string;
  /** First line of the content, and the line behind its last. */
  readonly start: number;
  readonly end: number;
  /** What stands before each line of the content in the document: indentation, or the sign of a quotation. */
  readonly prefix: string;
  /** Without the prefix; each line ends with a line feed. */
  readonly content: string;
}

export interface Image {
  readonly kind: 'image';
  readonly line: number;
  /** As the document writes it. */
  readonly path: string;
}

/** A comment that begins with `gmem:`. */
export interface Instruction {
  readonly kind: 'instruction';
  readonly line: number;
  /** Behind `gmem:`, on the same line. */
  readonly words: readonly string[];
  /** The lines below, up to the end of the comment. */
  readonly body: string;
}

/** Something else that readers see: a comment that stands before it has no block to be about. */
export interface Passage {
  readonly kind: 'passage';
  readonly line: number;
}

/** What looks like a comment of ours, and is none. */
export interface Lookalike {
  readonly kind: 'lookalike';
  readonly line: number;
  /** What is wrong with it, in a sentence. */
  readonly message: string;
}

export type Part = CodeBlock | Image | Instruction | Passage | Lookalike;

/** Finds the parts of a document, in the order of the text. */
export type FindParts = (text: string) => readonly Part[];

const INSTRUCTION = /^\s*gmem:\s*(.*)$/;

/** What somebody may write who means a comment of ours. */
const ALMOST = /^\s*gmem\s*(?::|(?:setup|name|after|include|fragment|run|figure)\b)/i;

/** The instruction in the text of a comment that begins on `line`, or what almost is one; null for other comments. */
export function instructionIn(comment: string, line: number): Instruction | Lookalike | null {
  const [first = '', ...rest] = comment.split('\n');
  const match = INSTRUCTION.exec(first);
  if (match === null) {
    if (!ALMOST.test(comment)) return null;
    const words = comment.trim().split('\n')[0]!;
    return lookalike(
      line,
      `\`${words}\`: it begins with \`gmem:\`, in small letters, on the comment's first line`,
    );
  }
  const words = match[1]!.split(/\s+/).filter((word) => word !== '');
  return { kind: 'instruction', line, words, body: dedent(rest).join('\n') };
}

export function lookalike(line: number, message: string): Lookalike {
  return { kind: 'lookalike', line, message };
}

export function passage(line: number): Passage {
  return { kind: 'passage', line };
}

/** The lines without the indentation that they have in common; blank ones do not count. */
export function dedent(lines: readonly string[]): readonly string[] {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)![0].length);
  const common = Math.min(...indents, Number.POSITIVE_INFINITY);
  return lines.map((line) => (line.trim() === '' ? '' : line.slice(common)));
}

/** Lines without what ends them. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/);
}
