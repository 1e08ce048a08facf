import { describe, expect, it } from 'vitest';
import { baseName, samePath, uriOf } from '../../src/dap/source-path';

describe('samePath', () => {
  it.each([
    ['/a/b.gmem', '/a/b.gmem', true],
    ['/a/b.gmem', 'file:///a/b.gmem', true],
    ['/a/b c.gmem', 'file:///a/b%20c.gmem', true],
    ['C:\\a\\b.gmem', 'c:\\a\\b.gmem', true],
    ['C:\\a\\b.gmem', 'file:///c%3A/a/b.gmem', true],
    ['memfs:/a/b.gmem', 'memfs:/a/b.gmem', true],
    ['vscode-test-web://mount/a%20b.gmem', 'vscode-test-web://mount/a b.gmem', true],
    ['/a/b.gmem', '/a/B.gmem', false],
    ['/a/b.gmem', 'memfs:/a/b.gmem', false],
    ['/a/%zz.gmem', 'file:///a/%zz.gmem', true],
  ])('%s and %s: %s', (a, b, same) => {
    expect(samePath(a, b)).toBe(same);
    expect(samePath(b, a)).toBe(same);
  });
});

describe('uriOf', () => {
  it.each([
    ['/a/b c.gmem', 'file:///a/b%20c.gmem'],
    ['C:\\a\\b.gmem', 'file:///c%3A/a/b.gmem'],
    ['memfs:/a/b.gmem', 'memfs:/a/b.gmem'],
    ['vscode-test-web://mount/b.gmem', 'vscode-test-web://mount/b.gmem'],
  ])('%s', (path, uri) => {
    expect(uriOf(path)).toBe(uri);
  });
});

describe('baseName', () => {
  it.each([
    ['/a/b.gmem', 'b.gmem'],
    ['C:\\a\\b.gmem', 'b.gmem'],
    ['memfs:/a/b.gmem', 'b.gmem'],
    ['b.gmem', 'b.gmem'],
    ['/', '/'],
  ])('%s', (path, name) => {
    expect(baseName(path)).toBe(name);
  });
});
