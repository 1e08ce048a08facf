/** Renders the links and figures of documents on the site. */
import type { MarkdownIt, StateCore, Token } from 'markdown-it';
import { type SiteMap, targetOf } from './links';

export interface Documents extends SiteMap {
  /** The file that a page is made from; undefined for the site's own pages. */
  readonly originOf: (page: string) => string | undefined;
  /** The text of a file of docs/, named from the project root. */
  readonly read: (origin: string) => string;
}

/** The anchor of a heading, as code hosts generate it, so that links work in both places. */
export function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** A link without a target on the site becomes inline code: it names a file. */
function withoutLink(children: readonly Token[], open: number, path: string): readonly Token[] {
  const close = children.findIndex(({ type }, at) => at > open && type === 'link_close');
  const words = children.slice(open + 1, close);
  for (const token of words) if (token.type === 'text' && token.content === path) token.type = 'code_inline';
  return [...children.slice(0, open), ...words, ...children.slice(close + 1)];
}

function rewriteLinks(inline: Token, from: string, documents: Documents): void {
  let children: readonly Token[] = inline.children ?? [];
  for (let at = 0; at < children.length; at++) {
    const token = children[at]!;
    if (token.type !== 'link_open') continue;
    const target = targetOf(String(token.attrGet('href') ?? ''), from, documents);
    if (target.kind === 'link') token.attrSet('href', target.href);
    else children = withoutLink(children, at, target.path);
  }
  inline.children = [...children];
}

/**
 * An inline drawing follows the theme switch of the page; an image would follow the system.
 * @param patterns The ids of those already on the page; the drawing's are added. All drawings share the same patterns,
 *   with the same ids, so each is kept once.
 */
function inlineFigure(drawing: string, name: string, patterns: Set<string>): string {
  const bare = drawing
    .replace(/<style>[\s\S]*?<\/style>\n?/, '')
    .replace('<svg ', '<svg v-pre ')
    .replace(/<pattern id="([^"]+)".*?<\/pattern>\n?/g, (pattern, id: string) => {
      if (patterns.has(id)) return '';
      patterns.add(id);
      return pattern;
    });
  return `<div class="figure" role="group" tabindex="0" aria-label="${name}">\n${bare.trim()}\n</div>\n`;
}

function figureIn(
  inline: Token,
  from: string,
  { read, hasFile }: Documents,
  escapeHtml: (text: string) => string,
  patterns: Set<string>,
): string | null {
  const [image, ...others] = inline.children ?? [];
  if (image?.type !== 'image' || others.length > 0) return null;
  const href = String(image.attrGet('src') ?? '');
  if (!/^[^:]+\.svg$/.test(href)) return null;
  const origin = new URL(href, `file:///${from}`).pathname.slice(1);
  if (!hasFile(origin)) return null;
  const drawing = read(origin);
  if (!drawing.includes('class="gmem-figure"')) return null;
  return inlineFigure(drawing, escapeHtml(image.content), patterns);
}

/** A plugin for the site's markdown-it. */
export function documentsPlugin(md: MarkdownIt, documents: Documents): void {
  md.core.ruler.push('gmem-documents', ({ tokens, env }: StateCore) => {
    const from = documents.originOf((env as { relativePath?: string }).relativePath ?? '');
    if (from === undefined) return;
    const patterns = new Set<string>();
    tokens.forEach((token, at) => {
      if (token.type !== 'inline') return;
      rewriteLinks(token, from, documents);
      const figure = figureIn(token, from, documents, md.utils.escapeHtml, patterns);
      if (figure === null) return;
      // Drop the enclosing paragraph, which cannot contain a block.
      for (const around of [tokens[at - 1]!, tokens[at + 1]!]) {
        around.type = 'html_block';
        around.content = '';
      }
      token.type = 'html_block';
      token.content = figure;
      token.children = null;
    });
  });
}
