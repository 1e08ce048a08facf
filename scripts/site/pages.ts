/** The pages of the site, each with the project file that it is made from. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { analyze } from '../../src/language';
import { annotate } from '../../src/outcome';

export interface SitePage {
  /** From the project root, with `/`. */
  readonly origin: string;
  /** From the root of the site: `tutorial.md`. */
  readonly page: string;
  /** In Markdown. */
  readonly text: () => string;
}

/** Documents outside docs/ that its pages link to. */
const OTHERS: readonly (readonly [origin: string, page: string])[] = [
  ['kernel/README.md', 'real-kernels.md'],
  ['test/conformance/README.md', 'conformance.md'],
];

/** A folder's address shows its README. */
function pageOf(document: string): string {
  return document.replace(/^docs\//, '').replace(/(^|\/)README\.md$/, '$1index.md');
}

function examplePage(text: string, name: string): string {
  const fence = ['```gmem', annotate(text, analyze(text)).trimEnd(), '```'].join('\n');
  return `# ${path.basename(name, '.gmem')}\n\n\`${name}\`, with the outcome of each statement below it.\n\n${fence}\n`;
}

/** All pages, in the order of their file names. */
export function sitePages(root: string): readonly SitePage[] {
  const read = (origin: string) => readFileSync(path.join(root, origin), 'utf8');
  const find = (pattern: string) => globSync(pattern, { cwd: root, ignore: '**/node_modules/**' }).sort();
  return [
    ...find('docs/**/*.md').map((origin) => ({ origin, page: pageOf(origin), text: () => read(origin) })),
    ...OTHERS.map(([origin, page]) => ({ origin, page, text: () => read(origin) })),
    ...find('examples/**/*.gmem').map((origin) => ({
      origin,
      page: origin.replace(/\.gmem$/, '.md'),
      text: () => examplePage(read(origin), origin),
    })),
  ];
}

/** Files of docs/ that pages show or serve, from the project root. */
export function siteFiles(root: string): readonly string[] {
  return globSync('docs/**/*', { cwd: root, ignore: '**/*.md' }).sort();
}

/** The first heading of a document, as plain text. */
export function titleOf(text: string): string | undefined {
  return /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '');
}
