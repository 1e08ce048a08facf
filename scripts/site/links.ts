/** Where links of the documents go on the site: they are written for somebody who has the files. */
import path from 'node:path';

export type Target =
  /** Goes there: a page of the site, with what is behind `#`, or an address. */
  | { readonly kind: 'link'; readonly href: string }
  /** A file of the project that the site does not have, named from the project's top. */
  | { readonly kind: 'source'; readonly path: string };

export interface SiteMap {
  /** The page of the site that a file of the project is shown on. */
  readonly pageOf: (origin: string) => string | undefined;
  /** Whether the site hands out a file of docs/ as it is. */
  readonly hasFile: (origin: string) => boolean;
  /** Where the files of the project are to be read; undefined where it has no such place. */
  readonly sources: string | undefined;
}

const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i;

/** @param from The file in which the link stands, from the top of the project. */
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

/** The address under which files of a repository are read, out of what package.json says of it. */
export function sourcesOf(repository: unknown): string | undefined {
  const given = typeof repository === 'string' ? repository : (repository as { url?: unknown } | null)?.url;
  if (typeof given !== 'string') return undefined;
  const address = given.replace(/^git\+/, '').replace(/\.git$/, '');
  return /^https:\/\//.test(address) ? `${address}/blob/HEAD` : undefined;
}
