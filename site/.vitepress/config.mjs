import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { documentsPlugin, slugOf } from '../../scripts/site/markdown';
import { siteOf } from '../../scripts/site/site';

// Set by scripts/site/build.ts, as the command line has it.
const base = process.env.GMEMSCOPE_SITE_BASE ?? '/';
const { description, documents, sidebar, figureStyles, grammar } = siteOf(
  fileURLToPath(new URL('../..', import.meta.url)),
);

export default defineConfig({
  lang: 'en',
  title: 'gmemscope',
  description,
  srcDir: '.cache/pages',
  cacheDir: '.cache/vitepress',
  base,
  head: [
    ['style', {}, figureStyles],
    ['link', { rel: 'icon', type: 'image/png', href: `${base}icon.png` }],
  ],
  markdown: {
    anchor: { slugify: slugOf },
    config: (md) => documentsPlugin(md, documents),
    languages: [grammar],
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      { text: 'Language', link: '/language' },
      { text: 'What is modelled', link: '/model' },
    ],
    notFound: {
      title: 'Page not found',
      quote: 'It may have been renamed. Use the search to find it.',
      linkLabel: 'Go to the start page',
      linkText: 'Go to the start page',
    },
    outline: [2, 3],
    search: { provider: 'local' },
    sidebar,
  },
});
