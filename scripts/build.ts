/** `npm run build`: bundles all programs into dist/. */
import { readFileSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build as bundle, type Plugin } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * The language server's library requires an older patch of the protocol than the client's. One copy is enough for both,
 * and its runtime must exist only once.
 */
const oneProtocol: Plugin = {
  name: 'one-protocol',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^vscode-(jsonrpc|languageserver-protocol|languageserver-types)(\/|$)/ }, (asked) => {
      if (asked.pluginData === oneProtocol) return undefined;
      return resolve(asked.path, { kind: asked.kind, resolveDir: root, pluginData: oneProtocol });
    });
  },
};

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  legalComments: 'none',
  logLevel: 'warning',
  minify: true,
  sourcemap: 'linked',
  target: 'es2022',
};

/** One file for both hosts of VS Code: it uses no Node API, and only those browser APIs that Node also has. */
export const extensionBundle: BuildOptions = {
  ...common,
  entryPoints: ['src/extension/extension.ts'],
  outfile: 'dist/extension.cjs',
  format: 'cjs',
  platform: 'browser',
  external: ['vscode'],
  plugins: [oneProtocol],
};

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

export const commandBundle: BuildOptions = {
  ...common,
  entryPoints: ['src/cli/main.ts'],
  outfile: 'dist/cli.js',
  format: 'esm',
  platform: 'node',
  // The protocol library is CommonJS and loads Node's modules with `require`, which ES modules lack.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
  define: { GMEMSCOPE_VERSION: JSON.stringify(packageVersion()) },
  // The terminal command has no source map: Node would read it for every stack trace.
  sourcemap: false,
  target: 'node20',
  plugins: [oneProtocol],
};

/** What the memory map page loads: a script and a style sheet. */
export const memoryMapBundle: BuildOptions = {
  ...common,
  entryPoints: [
    { in: 'src/memory-map/page.ts', out: 'memory-map' },
    { in: 'src/memory-map/page.css', out: 'memory-map' },
  ],
  outdir: 'dist',
  format: 'iife',
  platform: 'browser',
  // The page may load nothing but the two.
  sourcemap: false,
};

const bundles: readonly BuildOptions[] = [
  extensionBundle,
  memoryMapBundle,
  commandBundle,
  {
    entryPoints: ['workbench/files-extension/extension.ts'],
    outfile: 'dist/files-extension/extension.js',
    format: 'cjs',
    platform: 'browser',
    external: ['vscode'],
  },
];

export async function build(): Promise<void> {
  await rm(path.join(root, 'dist'), { recursive: true, force: true });
  await Promise.all(bundles.map((options) => bundle({ ...common, ...options })));
  await copyFile(
    path.join(root, 'workbench/files-extension/package.json'),
    path.join(root, 'dist/files-extension/package.json'),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build();
