import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { LISTING_TYPE } from '../../src/dap/listings';
import { LEGEND } from '../../src/lsp/semantic-tokens';
import { DEFAULT_SETTINGS } from '../../src/lsp/settings';
import { projectRoot } from '../../workbench/paths';

const manifest = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
const ignored = readFileSync(path.join(projectRoot, '.vscodeignore'), 'utf8').split('\n');

/** Every path that the manifest names, as `./...`. */
function paths(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('./') ? [value.slice(2)] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(paths) : [];
}

test('every file that the manifest names is in the package', () => {
  const named = [...paths(manifest.contributes), ...paths([manifest.main, manifest.browser]), manifest.icon];
  expect(named.length).toBeGreaterThan(5);
  for (const file of named) expect(ignored, file).toContain(`!${file}`);
});

test('every command in a menu exists', () => {
  const { commands, menus } = manifest.contributes;
  const known = commands.map(({ command }: { command: string }) => command);
  for (const { command } of Object.values<{ command: string }[]>(menus).flat())
    expect(known).toContain(command);
});

test('both hosts of VS Code run the same file', () => {
  expect(manifest.main).toBe(manifest.browser);
});

test('nothing is installed with the extension', () => {
  expect(manifest.dependencies).toBeUndefined();
});

test('listings have a language, a grammar and breakpoints', () => {
  const { languages, grammars, breakpoints } = manifest.contributes;
  const { id } = languages.find(({ mimetypes }: { mimetypes?: string[] }) =>
    mimetypes?.includes(LISTING_TYPE),
  );
  expect(grammars).toContainEqual(expect.objectContaining({ language: id }));
  expect(breakpoints).toContainEqual({ language: id });
});

test('every setting that the server reads is described, with its default', () => {
  const { properties } = manifest.contributes.configuration;
  const settings = Object.entries(DEFAULT_SETTINGS).flatMap(([group, values]) =>
    Object.entries(values).map(([name, value]) => [`gmemscope.${group}.${name}`, value] as const),
  );
  expect(settings.length).toBeGreaterThan(4);
  for (const [name, value] of settings) {
    expect(properties[name], name).toMatchObject({ type: 'boolean', default: value });
    expect(properties[name].description ?? properties[name].markdownDescription, name).toMatch(/\w.*\.$/);
  }
});

test('every semantic token has a scope of the grammar, so that themes without such tokens colour it the same', () => {
  const [{ language, scopes }] = manifest.contributes.semanticTokenScopes;
  expect(language).toBe('gmem');
  for (const type of LEGEND.tokenTypes)
    expect(scopes[type], type).toEqual([expect.stringMatching(/\.gmem$/)]);
});
