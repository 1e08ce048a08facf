/** `npm run docs`: builds docs/ into a static site. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { siteFiles, sitePages } from './pages';

const usage = `npm run docs [-- [--base PATH] [--out FOLDER] [--serve]]

Builds the documentation into a static site.
  --base PATH   the path under which the site will be served (/)
  --out FOLDER  where it goes (site/dist)
  --serve       shows it in a browser of this machine, until Ctrl+C`;

const options = {
  base: { type: 'string' },
  out: { type: 'string' },
  serve: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Copies the pages and the files that they show to where the generator finds them. */
function gather(root: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const target = (name: string) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    return file;
  };
  for (const { page, text } of sitePages(root)) writeFileSync(target(page), text());
  copyFileSync(path.join(root, 'media/icon.png'), target('public/icon.png'));
  for (const file of siteFiles(root)) {
    // What a page shows is copied beside it; what it only links to is served unchanged.
    const folder = /\.(?:svg|png)$/.test(file) ? '' : 'public/';
    copyFileSync(path.join(root, file), target(folder + file.replace(/^docs\//, '')));
  }
}

/** Returns the exit code. */
export function buildSite(root: string, args: readonly string[]): number {
  let values: ReturnType<typeof parseArgs<{ options: typeof options; args: string[] }>>['values'];
  try {
    values = parseArgs({ options, args: [...args] }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const base = `/${values.base ?? ''}/`.replaceAll(/\/+/g, '/');
  const site = path.join(root, 'site');
  const out = path.resolve(values.out ?? path.join(site, 'dist'));
  gather(root, path.join(site, '.cache', 'pages'));
  const run = (program: 'vitepress' | 'vite', ...words: readonly string[]) =>
    spawnSync(
      process.execPath,
      [path.join(site, 'node_modules', program, 'bin', `${program}.js`), ...words],
      {
        cwd: site,
        // A link to one of these is a download, not a page.
        env: { ...process.env, GMEMSCOPE_SITE_BASE: base, VITE_EXTRA_EXTENSIONS: 'patch,c,gmem' },
        stdio: 'inherit',
      },
    ).status ?? 1;
  const status = run('vitepress', 'build', site, '--outDir', out);
  if (status !== 0) return status;
  console.log(`The site is in ${out}; serve it under ${base}.`);
  // VitePress's preview also listens for other machines, and this cannot be disabled.
  if (values.serve)
    return run('vite', 'preview', site, '--outDir', out, '--base', base, '--host', '127.0.0.1');
  console.log('To preview it: npm run docs -- --serve');
  return 0;
}
