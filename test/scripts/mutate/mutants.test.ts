import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';
import { describe, expect, test } from 'vitest';
import { type Mutant, mutantsOf, mutated } from '../../../scripts/mutate/mutants';
import { orderFor } from '../../../scripts/mutate/order';
import { randomNumbers, shuffled } from '../../../scripts/mutate/random';
import { testsThatReach, withProbes } from '../../../scripts/mutate/reach';

function mutantsIn(text: string): readonly Mutant[] {
  const fs = createVirtualFileSystem({ '/tsconfig.json': '{"files":["a.ts"]}', '/a.ts': text });
  const api = new API({ cwd: '/', fs });
  try {
    const [project] = api.updateSnapshot({ openProjects: ['/tsconfig.json'] }).getProjects();
    return mutantsOf(project!.program.getSourceFile('/a.ts')!, 'a.ts');
  } finally {
    api.close();
  }
}

/** A text with each mistake in it. */
function variants(text: string): readonly string[] {
  return mutantsIn(text).map((mutant) => mutated(text, mutant));
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

describe('which tests reach a mutant', () => {
  const text =
    'const f = (a) => (b) => a < b; function g(c) { if (c) { d(); } else return 1; } const h = [() => ({ k: 2 }), 3];';
  const mutants = mutantsIn(text);
  const probed = withProbes(text, new Map(mutants.map((mutant, number) => [mutant, number])));

  test('is recorded where the innermost block or arrow function around it begins', () => {
    const reachedBy = (run: string): readonly string[] => {
      const numbers = new Set<number>();
      const record = { mutantReached: (number: number) => numbers.add(number) };
      new Function('globalThis', 'd', `${probed} ${run}`)(record, () => undefined);
      return [...numbers].map((number) => mutants[number]!.before);
    };
    expect(reachedBy('f(1);')).toEqual([]);
    expect(reachedBy('f(1)(2);')).toEqual(['<', '<']);
    expect(reachedBy('g(1);')).toEqual(expect.arrayContaining(['d();']));
    expect(reachedBy('g(0);')).not.toContain('d();');
    expect(reachedBy('h[0]();')).toEqual(['2', '2']);
  });

  test('is unknown for what runs when the file is loaded', () => {
    const of = (before: string) => mutants.findIndex((mutant) => mutant.before === before);
    const reach = { 'test/one.test.ts': [of('d();')], 'test/two.test.ts': [of('<')] };
    expect(testsThatReach(mutants[of('d();')]!, of('d();'), reach)).toEqual(new Set(['test/one.test.ts']));
    expect(testsThatReach(mutants[of('2')]!, of('2'), reach)).toEqual(new Set());
    expect(testsThatReach(mutants[of('3')]!, of('3'), reach)).toBeNull();
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
