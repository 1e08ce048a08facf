import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';
import { describe, expect, test } from 'vitest';
import { mutantsOf, mutated } from '../../../scripts/mutate/mutants';
import { orderFor } from '../../../scripts/mutate/order';
import { randomNumbers, shuffled } from '../../../scripts/mutate/random';

/** A text with each mistake in it. */
function variants(text: string): readonly string[] {
  const fs = createVirtualFileSystem({ '/tsconfig.json': '{"files":["a.ts"]}', '/a.ts': text });
  const api = new API({ cwd: '/', fs });
  try {
    const [project] = api.updateSnapshot({ openProjects: ['/tsconfig.json'] }).getProjects();
    return mutantsOf(project!.program.getSourceFile('/a.ts')!, 'a.ts').map((mutant) => mutated(text, mutant));
  } finally {
    api.close();
  }
}

describe('the mutants of a file', () => {
  test.each([
    ['a < b;', [';', 'a <= b;', 'a >= b;']],
    ['a === b && !c;', [';', 'a === b || !c;', 'a !== b && !c;', 'a === b && c;']],
    ['const x = y + 7;', ['const x = y - 7;', 'const x = y + (7 + 1);', 'const x = y + (7 - 1);']],
    ['if (a) b();', ['if (!(a)) b();', 'if (false && (a)) b();', 'if (a) ;']],
    ['const x = a ? b : c;', ['const x = !(a) ? b : c;']],
    ['const x = a.filter(f).some(g);', ['const x = a.filter(f).every(g);', 'const x = a.some(g);']],
    ['const x = [a];', ['const x = [];']],
    ['let x: 1 | 2 = y;', []],
    ['import { a } from "b";', []],
    ['const x = { text: "one" + "two", about: [`three`] };', []],
    ['const x = { text: () => true };', ['const x = { text: () => false };']],
  ])('%s', (text, expected) => {
    expect(variants(text)).toEqual(expected);
  });

  test('returns something else early', () => {
    expect(variants('function f() { return g; }')).toEqual(
      ['[]', 'null', 'undefined', 'true', 'false'].map((value) => `function f() { return ${value}; }`),
    );
  });
});

test('a seed determines the order', () => {
  const items = Array.from({ length: 20 }, (_, at) => at);
  const order = shuffled(items, randomNumbers(7));
  expect(order).toEqual(shuffled(items, randomNumbers(7)));
  expect(order).not.toEqual(shuffled(items, randomNumbers(8)));
  expect([...order].sort((one, other) => one - other)).toEqual(items);
});

test('quick tests, those of the layer and those that caught mutants come first', () => {
  const times = {
    'test/lsp/slow.ts': 9,
    'test/lsp/quick.ts': 1,
    'test/outcome/near.ts': 1,
    'test/dap/known.ts': 2,
  };
  expect(orderFor('src/outcome/run.ts', times, new Map([['test/dap/known.ts', 3]]))).toEqual([
    'test/dap/known.ts',
    'test/outcome/near.ts',
    'test/lsp/quick.ts',
    'test/lsp/slow.ts',
  ]);
});
