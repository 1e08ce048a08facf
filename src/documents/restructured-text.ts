/**
 * A parser for the reStructuredText that matters here: code directives, literal blocks, images and comments
 * (https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html).
 */
import { elementAt, firstOf } from '../simulator';
import { type CodeBlock, dedent, type FindParts, instructionIn, linesOf, type Part, passage } from './parts';

const CODE = /^(\s*)\.\. (?:code-block|sourcecode|code)::\s*(.*?)\s*$/;
const IMAGE = /^\s*\.\. (?:figure|image|kernel-figure|kernel-image):: +(\S+)\s*$/;
const COMMENT = /^(\s*)\.\. +(gmem\b.*)$/i;
/**
 * Markup that readers do not see: comments, and the targets of links. Directives, substitutions and footnotes are
 * visible.
 */
const UNSEEN = /^\s*\.\.(?:\s+_.*|\s+(?=\S)(?!\[|\||[\w.+:-]+::(?:\s|$)).*|\s*)$/;
/** A paragraph that ends with two colons and is not a directive. */
const LITERAL = /^(\s*)(?!\.\.)(?:\S.*)?::\s*$/;
const OPTION = /^\s*:[\w-]+:/;
/**
 * Signs of list items before the content of the first item on a line: bullets and enumerators, nested in list tables.
 */
const ITEM_SIGNS = /^\s*(?:(?:[-*+•‣⁃]|\(?(?:#|\d+|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+)[.)])\s+)+(?=\S)/;

/** The line, with the signs of its list items replaced by blanks: what follows them is indented by as much. */
function withoutSigns(line: string): string {
  return line.replace(ITEM_SIGNS, (signs) => signs.replace(/\S/g, ' '));
}

function indentOf(line: string): number {
  return line.search(/\S|$/);
}

const isBlank = (line: string) => line.trim() === '';

/** The line after the block that is indented more than `indent`, without trailing blank lines. */
function blockEnd(lines: readonly string[], from: number, indent: number): number {
  let end = from;
  for (let at = from; at < lines.length; at++) {
    if (isBlank(elementAt(lines, at))) continue;
    if (indentOf(elementAt(lines, at)) <= indent) break;
    end = at + 1;
  }
  return end;
}

function codeBlock(
  lines: readonly string[],
  head: number,
  indent: number,
  language: string,
): CodeBlock | null {
  let start = head + 1;
  while (start < lines.length && OPTION.test(elementAt(lines, start))) start++;
  while (start < lines.length && isBlank(elementAt(lines, start))) start++;
  const end = blockEnd(lines, start, indent);
  if (end === start) return null;
  const body = lines.slice(start, end);
  const content = dedent(body);
  const first = firstOf(body.filter((line) => !isBlank(line)));
  const prefix = first.slice(0, first.length - elementAt(content, body.indexOf(first)).length);
  return { kind: 'code', language, start, end, prefix, content: `${content.join('\n')}\n` };
}

type LeadsToLiteral = (at: number) => boolean;

/** Whether the paragraph of a line ends with the two colons of a literal block; lines must be passed in order. */
function literalsIn(lines: readonly string[]): LeadsToLiteral {
  let last = -1;
  let leads = false;
  return (at) => {
    if (at <= last) return leads;
    last = at;
    while (last + 1 < lines.length && !isBlank(elementAt(lines, last + 1))) last++;
    const literal = LITERAL.exec(withoutSigns(elementAt(lines, last)));
    leads = literal !== null && codeBlock(lines, last, elementAt(literal, 1).length, '') !== null;
    return leads;
  };
}

/** A line of no interest here. */
function otherLine(lines: readonly string[], at: number, leadsToLiteral: LeadsToLiteral): Part | null {
  const line = withoutSigns(elementAt(lines, at));
  if (isBlank(line) || UNSEEN.test(line)) return null;
  return !line.trim().startsWith('..') && leadsToLiteral(at) ? null : passage(at);
}

/** The part that begins on a line, and the line after it. */
function partAt(
  lines: readonly string[],
  at: number,
  leadsToLiteral: LeadsToLiteral,
): { part: Part | null; next: number } {
  const line = withoutSigns(elementAt(lines, at));
  const image = IMAGE.exec(line);
  if (image !== null) return { part: { kind: 'image', line: at, path: elementAt(image, 1) }, next: at + 1 };
  const comment = COMMENT.exec(line);
  if (comment !== null) {
    const end = blockEnd(lines, at + 1, elementAt(comment, 1).length);
    const body = dedent(lines.slice(at + 1, end));
    const text = [elementAt(comment, 2), ...body.slice(body.findIndex((one) => one !== ''))].join('\n');
    return { part: instructionIn(text, at), next: end };
  }
  const code = CODE.exec(line) ?? LITERAL.exec(line);
  const part = code === null ? null : codeBlock(lines, at, elementAt(code, 1).length, code[2] ?? '');
  return part === null
    ? { part: otherLine(lines, at, leadsToLiteral), next: at + 1 }
    : { part, next: part.end };
}

export const findInRestructuredText: FindParts = (text) => {
  const lines = linesOf(text);
  const leadsToLiteral = literalsIn(lines);
  const parts: Part[] = [];
  for (let at = 0; at < lines.length; ) {
    const { part, next } = partAt(lines, at, leadsToLiteral);
    if (part !== null) parts.push(part);
    at = next;
  }
  return parts;
};
