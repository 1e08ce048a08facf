import { createRequire } from 'node:module';
import vm from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { extensionBundle } from '../../scripts/build';

/** Stands for any part of VS Code's interface: can be called, constructed and extended. */
const anything: unknown = new Proxy(class {}, {
  get: (target, name) => (name in target || typeof name === 'symbol' ? Reflect.get(target, name) : anything),
});

test('the bundle loads in Node, as on a desktop, and asks for nothing but VS Code', async () => {
  const { outputFiles } = await build({ ...extensionBundle, minify: false, sourcemap: false, write: false });
  const asked: string[] = [];
  const load = (name: string) => {
    asked.push(name);
    return name === 'vscode' ? anything : createRequire(import.meta.url)(name);
  };
  const module = { exports: {} as Record<string, unknown> };
  const run = vm.runInThisContext(`(function (module, exports, require) {${outputFiles?.[0]?.text}\n})`);
  run(module, module.exports, load);
  expect(module.exports.activate).toBeTypeOf('function');
  expect(new Set(asked)).toEqual(new Set(['vscode']));
});
