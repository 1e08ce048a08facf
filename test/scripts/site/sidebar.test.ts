import path from 'node:path';
import { expect, test } from 'vitest';
import { sitePages } from '../../../scripts/site/pages';
import { sidebarOf } from '../../../scripts/site/sidebar';

const page = (origin: string, text = '') => ({
  origin,
  page: origin.replace(/^docs\//, '').replace('README', 'index'),
  text: () => text,
});

test('the groups come from the start page, the gallery from its folder', () => {
  const start =
    '# G\n\n- [no](a.md)\n\n## Begin\n\n- [A `one`](a.md): words\n- words [B](b.md)\n\n## Go on\n\n- [B](b.md)\n';
  const pages = [
    page('docs/README.md', start),
    page('docs/a.md'),
    page('docs/b.md'),
    page('docs/forgotten.md', '# Forgotten\n'),
    page('docs/gallery/hole.md', '# A hole\n'),
  ];
  expect(sidebarOf(pages)).toEqual([
    { text: 'Begin', items: [{ text: 'A one', link: '/a' }] },
    { text: 'Gallery', items: [{ text: 'A hole', link: '/gallery/hole' }] },
    { text: 'Go on', items: [{ text: 'B', link: '/b' }] },
    { text: 'More', items: [{ text: 'Forgotten', link: '/forgotten' }] },
  ]);
});

test('the start page lists every document', () => {
  const groups = sidebarOf(sitePages(path.resolve(import.meta.dirname, '../../..')));
  expect(groups.map(({ text }) => text)).not.toContain('More');
});
