import MarkdownIt from 'markdown-it';
import { expect, test } from 'vitest';
import { documentsPlugin, slugOf } from '../../../scripts/site/markdown';
import { svg } from '../../../src/figures';
import { figureOfExample } from '../../figures/figures';

const drawing = svg(figureOfExample('hole-across-two-slots.gmem', 16));

function render(text: string): string {
  const md = new MarkdownIt({ html: true });
  documentsPlugin(md, {
    pageOf: (origin) => (origin === 'docs/b.md' ? 'b.md' : undefined),
    originOf: (page) => (page === 'a.md' ? 'docs/a.md' : undefined),
    hasFile: (origin) => origin === 'docs/hole.svg',
    read: () => drawing,
    sources: undefined,
  });
  return md.render(text, { relativePath: 'a.md' });
}

test('a link to what the site does not have is its words; a path is code', () => {
  expect(render('[the parser](../src/parser.ts), [src/b](../src/b), [B](b.md#x)')).toBe(
    '<p>the parser, <code>src/b</code>, <a href="/b.md#x">B</a></p>\n',
  );
});

test('a figure is drawn in the page, without its own colours, and can be reached', () => {
  const page = render('![A "hole"](hole.svg)\n');
  expect(page).toMatch(
    /^<div class="figure" role="group" tabindex="0" aria-label="A &quot;hole&quot;">\n<svg v-pre /,
  );
  expect(page).not.toContain('<style>');
  expect(page).not.toContain('<p>');
});

test('a page with two figures has each id once', () => {
  const page = render('![A](hole.svg)\n\n![B](hole.svg)\n');
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
  expect(page.match(/<svg /g)).toHaveLength(2);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids).toEqual([...new Set(ids)]);
});

test('other images stay images', () => {
  expect(render('![A](other.svg) ![B](hole.svg)')).toContain('<img src="hole.svg"');
});

test.each([
  ['SEV-SNP and TDX: what is modelled', 'sev-snp-and-tdx-what-is-modelled'],
  ['`=>`, and what may stand', '-and-what-may-stand'],
])('the anchor of %s', (heading, anchor) => {
  expect(slugOf(heading)).toBe(anchor);
});
