/** Markdown: fenced blocks, images, and HTML comments. */
import MarkdownIt, { type Token } from 'markdown-it';
import { type CodeBlock, type FindParts, type Image, instructionIn, linesOf, type Part } from './parts';

const markdown = new MarkdownIt('commonmark');

const FENCE = /^(.*?)(?:`{3,}|~{3,})/;
const COMMENT = /<!--([\s\S]*?)-->/g;

function fence({ map, info, content }: Token, lines: readonly string[]): CodeBlock {
  const [open, end] = map!;
  const count = content === '' ? 0 : content.split('\n').length - 1;
  return {
    kind: 'code',
    language: info.trim().split(/\s+/)[0] ?? '',
    start: open + 1,
    end: Math.min(open + 1 + count, end),
    prefix: FENCE.exec(lines[open] ?? '')?.[1] ?? '',
    content,
  };
}

function comments({ map, content }: Token): readonly Part[] {
  return [...content.matchAll(COMMENT)].flatMap((match) => {
    const line = map![0] + content.slice(0, match.index).split('\n').length - 1;
    return instructionIn(match[1]!, line) ?? [];
  });
}

/** The name of the file that a destination stands for: `b%20c.svg` is `b c.svg`, which is how a page links it. */
function unescaped(destination: string): string {
  try {
    return decodeURIComponent(destination);
  } catch {
    return destination;
  }
}

function images({ map, children }: Token): readonly Image[] {
  return (children ?? [])
    .filter(({ type }) => type === 'image')
    .map((image) => ({ kind: 'image', line: map![0], path: unescaped(String(image.attrGet('src') ?? '')) }));
}

export const findInMarkdown: FindParts = (text) => {
  const lines = linesOf(text);
  return markdown.parse(text, {}).flatMap((token): readonly Part[] => {
    switch (token.type) {
      case 'fence':
        return [fence(token, lines)];
      case 'html_block':
        return comments(token);
      case 'inline':
        return images(token);
      default:
        return [];
    }
  });
};
