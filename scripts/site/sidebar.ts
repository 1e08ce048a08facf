/** The sidebar, made from the start page, from the gallery's index, and from the examples. */
import MarkdownIt, { type Token } from 'markdown-it';
import { type SitePage, titleOf } from './pages';

export interface Entry {
  readonly text: string;
  /** Address of the page, from the root of the site. */
  readonly link: string;
}

export interface Group {
  readonly text: string;
  readonly items: readonly Entry[];
  readonly collapsed?: boolean;
}

const START = 'docs/README.md';
const GALLERY = 'docs/gallery/README.md';

function addressOf(page: string): string {
  return `/${page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`;
}

/** Headings of the second level, with the first link of each list item or table row below them. */
function listedOn(
  text: string,
): readonly { heading: string; links: readonly [href: string, text: string][] }[] {
  const tokens = new MarkdownIt('commonmark').enable('table').parse(text, {});
  const sections: { heading: string; links: [string, string][] }[] = [];
  const firstLink = ({ children }: Token): [string, string] | undefined => {
    const at = (children ?? []).findIndex(({ type }) => type === 'link_open');
    if (at !== 0) return undefined;
    const end = children!.findIndex(({ type }) => type === 'link_close');
    const words = children!.slice(1, end).map(({ content }) => content);
    return [String(children![0]!.attrGet('href')), words.join('')];
  };
  tokens.forEach((token, at) => {
    const before = tokens[at - 1];
    if (token.type !== 'inline') return;
    if (before?.type === 'heading_open' && before.tag === 'h2') {
      sections.push({ heading: token.content, links: [] });
    } else if (tokens[at - 2]?.type === 'list_item_open' || tokens[at - 2]?.type === 'tr_open') {
      const link = firstLink(token);
      if (link !== undefined) sections.at(-1)?.links.push(link);
    }
  });
  return sections;
}

/** The groups that a page lists, in its order. */
function groupsOn(origin: string, pages: readonly SitePage[]): readonly Group[] {
  const byOrigin = new Map(pages.map((page) => [page.origin, page]));
  const text = byOrigin.get(origin)?.text() ?? '';
  return listedOn(text)
    .map(({ heading, links }) => ({
      text: heading,
      items: links.flatMap(([href, text]) => {
        const page = byOrigin.get(new URL(href, `file:///${origin}`).pathname.slice(1));
        return page === undefined ? [] : [{ text, link: addressOf(page.page) }];
      }),
    }))
    .filter(({ items }) => items.length > 0);
}

function byTitle(pages: readonly SitePage[]): readonly Entry[] {
  return pages.map((one) => ({ text: titleOf(one.text()) ?? one.page, link: addressOf(one.page) }));
}

/**
 * The groups, in the order of the start page; those of the gallery follow the first, and the examples come last. A page
 * that neither lists is under `More`.
 */
export function sidebarOf(pages: readonly SitePage[]): readonly Group[] {
  const [first, ...rest] = groupsOn(START, pages);
  const listed = [...(first === undefined ? [] : [first]), ...groupsOn(GALLERY, pages), ...rest];
  const known = new Set(listed.flatMap(({ items }) => items.map(({ link }) => link)));
  const isExample = ({ origin }: SitePage) => origin.startsWith('examples/');
  const more = byTitle(
    pages.filter((page) => !isExample(page) && page.origin !== START && !known.has(addressOf(page.page))),
  );
  const examples = byTitle(pages.filter(isExample));
  return [
    ...listed,
    ...(more.length === 0 ? [] : [{ text: 'More', items: more }]),
    ...(examples.length === 0 ? [] : [{ text: 'Examples', items: examples, collapsed: true }]),
  ];
}
