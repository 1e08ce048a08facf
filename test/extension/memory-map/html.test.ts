import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { newNonce, pageHtml } from '../../../src/extension/memory-map/html';
import { projectRoot } from '../../../workbench/paths';

const nonce = newNonce();
const html = pageHtml({ script: 'https://here/map.js', style: 'https://here/map.css', nonce });

test('the page may load nothing but its script and its style', () => {
  const [policy] = /(?<=http-equiv="Content-Security-Policy" content=")[^"]*/.exec(html) ?? [];
  expect(policy).toBe(`default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'`);
  for (const [element] of html.matchAll(/<(script|style|link)\b[^>]*>/g))
    expect(element).toContain(`nonce="${nonce}"`);
  expect(html).not.toMatch(/\son\w+=|\sstyle=/);
});

test('a nonce is another one each time', () => {
  expect(nonce).toMatch(/^[0-9a-f]{32}$/);
  expect(newNonce()).not.toBe(nonce);
});

test('every colour of the drawing is one that the page has from the theme', () => {
  const css = readFileSync(path.join(projectRoot, 'src/memory-map/page.css'), 'utf8');
  const { colors } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')).contributes;
  const ids = colors.map(({ id }: { id: string }) => `--vscode-${id.replace('.', '-')}`);
  for (const [name] of html.matchAll(/--map-[a-z]+/g)) expect(css, name).toContain(`${name}: `);
  for (const [name] of css.matchAll(/--vscode-gmemscope-\w+/g)) expect(ids).toContain(name);
  expect(css).not.toMatch(/#[0-9a-f]{3,8}\b(?![^{]*\{)/i);
});
