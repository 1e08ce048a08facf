/** What stands beside the pages: made from the start page and from the folders. */
import MarkdownIt, { type Token } from 'markdown-it';
import { type SitePage, titleOf } from './pages';

export interface Entry {
  readonly text: string;
  /** Address of the page, from the top of the site. */
  readonly link: string;
}

export interface Group {
  readonly text: string;
  readonly items: readonly Entry[];
  readonly collapsed?: boolean;
}

const START = 'docs/README.md';

function addressOf(page: string): string {
  return `/${page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`;
}

/** Headings of the second level, with the first link of each item of the lists under them. */
function listedOn(
  text: string,
): readonly { heading: string; links: readonly [href: string, text: string][] }[] {
  const tokens = new MarkdownIt('commonmark').parse(text, {});
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
    } else if (tokens[at - 2]?.type === 'list_item_open') {
      const link = firstLink(token);
      if (link !== undefined) sections.at(-1)?.links.push(link);
    }
  });
  return sections;
}

/** The pages of a folder, by their titles. */
function folderGroup(
  text: string,
  folder: string,
  pages: readonly SitePage[],
  collapsed: boolean,
): readonly Group[] {
  const items = pages
    .filter(({ page }) => page.startsWith(folder))
    .map((one) => ({ text: titleOf(one.text()) ?? one.page, link: addressOf(one.page) }));
  return items.length === 0 ? [] : [{ text, items, ...(collapsed ? { collapsed } : {}) }];
}

/**
 * The groups, in the order of the start page; after the first comes the gallery, and examples are last. A page that
 * the start page does not list is under `More`.
 */
export function sidebarOf(pages: readonly SitePage[]): readonly Group[] {
  const start = pages.find(({ origin }) => origin === START)!;
  const byOrigin = new Map(pages.map((page) => [page.origin, page]));
  const listed = listedOn(start.text()).map(({ heading, links }) => ({
    text: heading,
    items: links.flatMap(([href, text]) => {
      const page = byOrigin.get(new URL(href, `file:///${START}`).pathname.slice(1));
      return page === undefined ? [] : [{ text, link: addressOf(page.page) }];
    }),
  }));
  const [first, ...rest] = listed.filter(({ items }) => items.length > 0);
  const known = new Set(listed.flatMap(({ items }) => items.map(({ link }) => link)));
  const more = pages
    .filter(
      ({ origin, page }) =>
        !origin.startsWith('examples/') && !page.startsWith('gallery/') && origin !== START,
    )
    .filter(({ page }) => !known.has(addressOf(page)))
    .map((one) => ({ text: titleOf(one.text()) ?? one.page, link: addressOf(one.page) }));
  return [
    ...(first === undefined ? [] : [first]),
    ...folderGroup('Gallery', 'gallery/', pages, false),
    ...rest,
    ...(more.length === 0 ? [] : [{ text: 'More', items: more }]),
    ...folderGroup('Examples', 'examples/', pages, true),
  ];
}
