/** Markdown: fenced blocks, images, and HTML comments. */
import MarkdownIt, { type Token } from 'markdown-it';
import { must } from '../simulator';
import {
  type CodeBlock,
  type FindParts,
  type Image,
  instructionIn,
  linesOf,
  lookalike,
  type Part,
  passage,
} from './parts';

const markdown = new MarkdownIt('commonmark');

const FENCE = /^(.*?)(?:`{3,}|~{3,})/;
const COMMENT = /<!--([\s\S]*?)(-->|$)/g;
/** Its first word, or its attributes in braces. */
const INFO = /^(?:\{[^}]*\}|\S+)/;
const UNCLOSED = 'the comment is not closed with `-->` and hides everything below it';

/** Signs of list items. What follows in the item is indented by as much, where quotations repeat their sign. */
const ITEM_SIGN = /[-*+]|\d+[.)]/g;

/** The first line of a block, and the line after its last; the parser gives them to each block. */
function linesIn({ map }: Token): readonly [number, number] {
  return must(map, 'line of the block');
}

function fence(token: Token, lines: readonly string[]): CodeBlock {
  const { info, content } = token;
  const [open, end] = linesIn(token);
  // A fence that is not closed may end without a line feed.
  const whole = content === '' || content.endsWith('\n') ? content : `${content}\n`;
  const count = whole.split('\n').length - 1;
  const before = FENCE.exec(lines[open] ?? '')?.[1] ?? '';
  return {
    kind: 'code',
    language: INFO.exec(info.trim())?.[0] ?? '',
    start: open + 1,
    end: Math.min(open + 1 + count, Math.max(end, open + 1)),
    prefix: before.replace(ITEM_SIGN, (sign) => ' '.repeat(sign.length)),
    content: whole,
  };
}

/** The comments of a block of HTML, and whether it has other content. */
function html(token: Token): readonly Part[] {
  const { content } = token;
  const [first] = linesIn(token);
  const parts: Part[] = [];
  const at = (index: number) => first + content.slice(0, index).split('\n').length - 1;
  const other = (start: number, end: number) => {
    const between = content.slice(start, end);
    if (between.trim() !== '') parts.push(passage(at(start + between.search(/\S/))));
  };
  let done = 0;
  for (const match of content.matchAll(COMMENT)) {
    const [whole, inner = '', close] = match;
    other(done, match.index);
    done = match.index + whole.length;
    const part = instructionIn(inner, at(match.index));
    if (part === null) continue;
    const isUnclosed = close === '' || inner.includes('<!--');
    parts.push(isUnclosed ? lookalike(part.line, UNCLOSED) : part);
  }
  other(done, content.length);
  return parts;
}

/** The file name of a link destination: `b%20c.svg` is `b c.svg`. */
function unescaped(destination: string): string {
  try {
    return decodeURIComponent(destination);
  } catch {
    return destination;
  }
}

/** Line of a child; `before` children of its paragraph come first. */
function lineOf(children: readonly Token[], before: number): number {
  return children.slice(0, before).filter(({ type }) => type === 'softbreak' || type === 'hardbreak').length;
}

/**
 * The images of a paragraph; if there are none, the paragraph. A comment inside a paragraph does not apply to a block.
 */
function paragraph(token: Token): readonly Part[] {
  const [first] = linesIn(token);
  const inner = token.children ?? [];
  const images = inner
    .filter(({ type }) => type === 'image')
    .map((image): Image => {
      return { kind: 'image', line: first, path: unescaped(String(image.attrGet('src') ?? '')) };
    });
  const comments = inner.flatMap(({ type, content }, at): readonly Part[] => {
    const comment = type === 'html_inline' ? /^<!--([\s\S]*)-->$/.exec(content)?.[1] : undefined;
    const line = first + lineOf(inner, at);
    if (comment === undefined || instructionIn(comment, line) === null) return [];
    return [
      lookalike(line, `the comment \`${comment.trim()}\` is inside a paragraph: put it on a separate line`),
    ];
  });
  return [...comments, ...(images.length > 0 ? images : [passage(first)])];
}

export const findInMarkdown: FindParts = (text) => {
  const lines = linesOf(text);
  return markdown.parse(text, {}).flatMap((token): readonly Part[] => {
    switch (token.type) {
      case 'fence':
        return [fence(token, lines)];
      case 'html_block':
        return html(token);
      case 'inline':
        return paragraph(token);
      case 'code_block':
      case 'hr':
        return [passage(linesIn(token)[0])];
      default:
        return [];
    }
  });
};
