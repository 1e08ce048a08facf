import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sitePages } from '../../../scripts/site/pages';
import { sidebarOf } from '../../../scripts/site/sidebar';

const page = (origin: string, text = '') => ({
  origin,
  page: origin.replace(/^docs\//, '').replace('README', 'index'),
  text: () => text,
});

test("the groups come from the start page and the gallery's index, in their order", () => {
  const start =
    '# G\n\n- [no](a.md)\n\n## Begin\n\n- [A `one`](a.md): words\n- words [B](b.md)\n- [Told](gallery/README.md)\n\n## Go on\n\n- [B](b.md)\n';
  const index =
    '# Told\n\n## Bugs\n\n| page | when |\n|---|---|\n| [Z](z.md) | [A](../a.md) |\n| [A hole](hole.md) | 6.8 |\n\n## Words\n\n| w |\n|---|\n| of [Z](z.md) |\n';
  const pages = [
    page('docs/README.md', start),
    page('docs/a.md'),
    page('docs/b.md'),
    page('docs/forgotten.md', '# Forgotten\n'),
    page('docs/gallery/README.md', index),
    page('docs/gallery/hole.md', '# A hole\n'),
    page('docs/gallery/z.md', '# Z\n'),
    page('examples/one.gmem', '# one\n'),
  ];
  expect(sidebarOf(pages)).toEqual([
    {
      text: 'Begin',
      items: [
        { text: 'A one', link: '/a' },
        { text: 'Told', link: '/gallery/' },
      ],
    },
    {
      text: 'Bugs',
      items: [
        { text: 'Z', link: '/gallery/z' },
        { text: 'A hole', link: '/gallery/hole' },
      ],
    },
    { text: 'Go on', items: [{ text: 'B', link: '/b' }] },
    { text: 'More', items: [{ text: 'Forgotten', link: '/forgotten' }] },
    { text: 'Examples', items: [{ text: 'one', link: '/examples/one.gmem' }], collapsed: true },
  ]);
});

describe('of the documents', () => {
  const groups = sidebarOf(sitePages(path.resolve(import.meta.dirname, '../../..')));

  test('the start page and the index of the gallery list every one', () => {
    expect(groups.map(({ text }) => text)).not.toContain('More');
  });

  test('each is there once, under a text of its own', () => {
    const items = groups.filter(({ text }) => text !== 'Examples').flatMap((group) => group.items);
    expect(new Set(items.map(({ link }) => link)).size).toBe(items.length);
    expect(new Set(items.map(({ text }) => text)).size).toBe(items.length);
  });
});
