import { describe, expect, test } from 'vitest';
import { analyze, parse, print } from '../../../src/language';

function complaints(text: string): string[] {
  return analyze(text).diagnostics.map(
    ({ code, span, message }) => `${code} @${text.slice(span.start, span.end)}: ${message}`,
  );
}

/** Each scenario as its title, its kernel and its calls. */
function scenarios(text: string): string[] {
  return analyze(text).programs.map(({ title, setup, statements }) => {
    const calls = statements.map(({ call, line }) => `${call.kind}@${line}`).join(' ');
    return `${title}: ${setup.kernel} ${setup.vm}: ${calls}`;
  });
}

const TWO = `kernel linux-6.12
vm sw-protected
gmem A size 4M
scenario "one" {
  close A
}
slot 0 gpa 0x80000000 size 2M gmem A offset 0
scenario "two" {
  punch A offset 0 size 4K
  delete slot 0
}
`;

describe('several scenarios in a file', () => {
  test('each has the statements above its block that stand in none, then its own', () => {
    expect(complaints(TWO)).toEqual([]);
    expect(scenarios(TWO)).toEqual([
      'one: linux-6.12 sw-protected: gmem@3 close@5',
      'two: linux-6.12 sw-protected: gmem@3 slot@7 punch@9 delete@10',
    ]);
  });

  test('a file without blocks is one scenario without a title', () => {
    expect(scenarios('gmem A size 4M\nclose A')).toEqual(['null: linux-7.3 default: gmem@1 close@2']);
  });

  test('a block may begin with a kernel of its own', () => {
    const text =
      'kernel linux-6.12\ngmem A size 4M\nscenario "new" {\nlet x = 1\nkernel linux-7.3\nclose A\n}\nscenario "old" { close A }';
    expect(complaints(text)).toEqual([]);
    expect(scenarios(text)).toEqual([
      'new: linux-7.3 default: gmem@2 close@6',
      'old: linux-6.12 default: gmem@2 close@8',
    ]);
  });

  test('what a block makes is known in that block only', () => {
    const text =
      'scenario "one" { let n = 4K vm sev-snp gmem A size n slot 0 gpa 0 size n }\n' +
      'scenario "two" { let n = 8K gmem A size n slot 0 gpa 0 size n delete slot 0 }';
    expect(complaints(text)).toEqual([]);
    expect(analyze(text).symbols.symbols.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'constant n',
      'file A',
      'slot 0',
      'constant n',
      'file A',
      'slot 0',
    ]);
    expect(complaints('scenario "one" { gmem A size 4K }\nscenario "two" { close A }')).toEqual([
      'G109 @A: no guest_memfd file is called `A`: create it with `gmem A size …`',
    ]);
  });

  test('what stands above is known in every block, with all its uses', () => {
    const { symbols } = analyze(TWO).symbols;
    const file = symbols.find(({ kind }) => kind === 'file');
    expect(file!.references.map(({ statement }) => statement.keyword)).toEqual(['close', 'slot', 'punch']);
  });

  test('an error in one block leaves the others complete', () => {
    const text = 'gmem A size 4M\nscenario "bad" { close B }\nscenario "good" { close A }';
    const [bad, good] = analyze(text).programs;
    expect(bad.errors).toHaveLength(1);
    expect(good!.errors).toEqual([]);
    expect(good!.statements).toHaveLength(2);
  });

  test('VMs of a block are numbered on from those above', () => {
    const text =
      'vm sev-snp\nscenario "one" { vm tdx vcpus 2 fault vcpu 1 read gpa 0 switch vm 1 }\nscenario "two" { switch vm 0 }';
    expect(complaints(text)).toEqual([]);
    expect(complaints('vm sev-snp\nscenario "one" { vm tdx }\nscenario "two" { switch vm 1 }')).toEqual([
      'G115 @1: there is no VM `1`: there is one VM so far, number 0',
    ]);
  });

  test.each([
    [
      'scenario "a" { close',
      'G014 @scenario: the block of this scenario is not closed: `}` is missing before the end of the file',
    ],
    ['scenario "a"', 'G014 @"a": expected `{` and the statements of the scenario, then `}`'],
    ['gmem A size 4M }', 'G014 @}: unmatched `}`: no block is open here'],
    [
      'scenario "a" { scenario "b" { } }',
      'G014 @scenario: the block of this scenario is not closed: `}` is missing before the next scenario',
    ],
    ['scenario "" { }', 'G006 @"": the title is empty'],
    [
      'scenario a { }',
      'G002 @a: expected the scenario\'s title, for instance `"a hole across two slots"`, found `a`',
    ],
    ['scenario "a { }', 'G002 @"a { }: the title is not closed: the final `"` is missing'],
    ['scenario "a" { } scenario "a" { }', 'G122 @"a": another scenario already has the title `a`'],
    [
      'scenario "a" { } gmem A size 4M',
      'G123 @gmem: no scenario follows, so this never runs: a scenario includes only the shared statements above it',
    ],
    [
      'scenario "a" { gmem A size 4M kernel linux-6.12 }',
      'G105 @kernel: `kernel` must be the first statement of the file or of its scenario',
    ],
  ])('%s', (text, expected) => {
    expect(complaints(text)).toContain(expected);
  });

  test.each([
    [
      'a block is indented',
      'gmem A size 4M\nscenario   "one"{close A}',
      'gmem A size 4M\nscenario "one" {\n  close A\n}\n',
    ],
    [
      'comments stay where they are',
      'scenario "one" { # first\n# what\nclose A # gone\n}\n# after',
      'scenario "one" { # first\n  # what\n  close A # gone\n}\n# after\n',
    ],
    ['an outcome', 'close A=>zapped slot 0 gfn 1 .. 2 ,flush', 'close A => zapped slot 0 gfn 1..2, flush\n'],
  ])('print: %s', (_what, text, expected) => {
    expect(print(parse(text))).toBe(expected);
    expect(print(parse(expected))).toBe(expected);
  });
});
