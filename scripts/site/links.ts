/** Translates the links of the documents, which are written for readers of the repository. */
import path from 'node:path';

export type Target =
  /** A page of the site, with its fragment, or a URL. */
  | { readonly kind: 'link'; readonly href: string }
  /** A file of the project that the site does not contain, named from the project root. */
  | { readonly kind: 'source'; readonly path: string };

export interface SiteMap {
  /** The page of the site that shows a file of the project. */
  readonly pageOf: (origin: string) => string | undefined;
  /** Whether the site serves a file of docs/ unchanged. */
  readonly hasFile: (origin: string) => boolean;
  /** Base URL of the project's files; undefined if there is none. */
  readonly sources: string | undefined;
}

const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i;

/** @param from The file that contains the link, from the project root. */
export function targetOf(href: string, from: string, { pageOf, hasFile, sources }: SiteMap): Target {
  if (ELSEWHERE.test(href)) return { kind: 'link', href };
  const [, file = '', fragment = ''] = /^([^#]*)(#.*)?$/.exec(href)!;
  const origin = path.posix.join(path.posix.dirname(from), decodeURI(file)).replace(/\/$/, '');
  const page = pageOf(origin) ?? pageOf(`${origin}/README.md`);
  if (page !== undefined) return { kind: 'link', href: `/${page}${fragment}` };
  if (hasFile(origin)) return { kind: 'link', href };
  return sources === undefined
    ? { kind: 'source', path: origin }
    : { kind: 'link', href: `${sources}/${origin}${fragment}` };
}

/** The base URL of the repository's files, derived from package.json. */
export function sourcesOf(repository: unknown): string | undefined {
  const given = typeof repository === 'string' ? repository : (repository as { url?: unknown } | null)?.url;
  if (typeof given !== 'string') return undefined;
  const address = given.replace(/^git\+/, '').replace(/\.git$/, '');
  return /^https:\/\//.test(address) ? `${address}/blob/HEAD` : undefined;
}
