import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { commandBundle, extensionBundle } from '../../scripts/build';
import { type BundledPackage, bundledPackages, noticesText } from '../../scripts/notices';
import { projectRoot } from '../../workbench/paths';

describe('the notices of the bundles', () => {
  let packages: readonly BundledPackage[] = [];
  let modules: readonly string[] = [];

  beforeAll(async () => {
    const built = await Promise.all(
      [extensionBundle, commandBundle].map((options) => build({ ...options, write: false, metafile: true })),
    );
    packages = bundledPackages(
      built.map(({ metafile }) => metafile),
      projectRoot,
    );
    modules = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  });

  test('name the packages whose code is in them, and no others', () => {
    const names = packages.map(({ name }) => name);
    expect(names).toContain('vscode-jsonrpc');
    expect(names).toContain('vscode-languageserver');
    expect(names).not.toContain('esbuild');
    for (const name of names) expect(modules.some((one) => one.includes(`node_modules/${name}/`))).toBe(true);
  });

  test('have the text of every licence', () => {
    const text = noticesText(packages);
    for (const { name, version, license, texts } of packages) {
      expect(license).toMatch(/^(MIT|ISC|BlueOak-1\.0\.0|BSD-[23]-Clause|Apache-2\.0)$/);
      expect(text).toContain(`${name} ${version} (${license})`);
      expect(texts.join('\n')).toMatch(/permi(ssion|tted)|licen[cs]e/i);
    }
    const own = readFileSync(path.join(projectRoot, 'node_modules/vscode-jsonrpc/License.txt'), 'utf8');
    expect(text).toContain(own.trim().replaceAll('\r\n', '\n'));
  });

  test('cannot be made for a package without a licence', () => {
    const inputs = { 'node_modules/absent/index.js': { bytesInOutput: 1 } };
    const metafile = { inputs: {}, outputs: { a: { bytes: 1, inputs, imports: [], exports: [] } } };
    expect(() => bundledPackages([metafile], projectRoot)).toThrow();
  });
});
