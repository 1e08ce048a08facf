/** The configuration of the site's generator; site/.vitepress/config.mjs passes it on. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pageStyleSheet } from '../../src/figures';
import { sourcesOf } from './links';
import type { Documents } from './markdown';
import { siteFiles, sitePages } from './pages';
import { sidebarOf } from './sidebar';

function json(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

export function siteOf(root: string) {
  const manifest = json(path.join(root, 'package.json'));
  const pages = sitePages(root);
  const files = new Set(siteFiles(root));
  const pageByOrigin = new Map(pages.map(({ origin, page }) => [origin, page]));
  const originByPage = new Map(pages.map(({ origin, page }) => [page, origin]));
  const documents: Documents = {
    pageOf: (origin) => pageByOrigin.get(origin),
    originOf: (page) => originByPage.get(page),
    hasFile: (origin) => files.has(origin),
    read: (origin) => readFileSync(path.join(root, origin), 'utf8'),
    sources: sourcesOf(manifest.repository),
  };
  return {
    description: String(manifest.description),
    documents,
    sidebar: sidebarOf(pages),
    figureStyles: pageStyleSheet({ dark: ['.dark'] }),
    grammar: { ...json(path.join(root, 'syntaxes/gmem.tmLanguage.json')), name: 'gmem' },
  };
}
