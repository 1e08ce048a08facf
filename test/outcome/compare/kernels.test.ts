import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze, type KernelChoice, type Program, readKernel } from '../../../src/language';
import {
  type ComparedStatement,
  compareKernels,
  describe as describeStatement,
  differingLines,
  runScenario,
  sideTexts,
} from '../../../src/outcome';
import { KNOBS } from '../../../src/simulator/knobs';
import { scenarios } from '../../generators/scenarios';
import { snpScenarios } from '../../generators/snp';

function kernel(text: string): KernelChoice {
  const choice = readKernel(text);
  if (typeof choice === 'string') throw new Error(choice);
  return choice;
}

const [OLD, NEW] = [kernel('linux-6.12'), kernel('linux-7.3')];

function compare(text: string, left = OLD, right = NEW): readonly ComparedStatement[] {
  return compareKernels(analyze(text).programs[0], left, right);
}

/** Keyword and difference of the statements that differ. */
function differing(text: string, left = OLD, right = NEW): string[] {
  return compare(text, left, right)
    .filter(({ difference }) => difference !== 'none')
    .map(({ statement, difference }) => `${statement.statement.keyword}: ${difference}`);
}

const PRIVATE = `vm sw-protected
gmem A size 4M
slot 0 gfn 0x80000..0x80200 gmem A pgoff 0x200
convert gfn 0x80000..0x80200 private
prefault vcpu 0 gfn 0x80000..0x80004
`;

/** A write that replaces an MMIO SPTE. */
const REPLACED = `vm default
fault vcpu 0 read gpa 8M
slot 0 gpa 8M size 4K
fault vcpu 0 write gpa 8M
`;
const CLEAR = kernel('linux-7.3 with rewritten-dirty clear');

const SHARED = `vm default
slot 0 gpa 2M size 2M thp
`;

describe('a statement on two kernels', () => {
  test.each([
    ['nothing, where both do the same', PRIVATE, OLD, NEW, []],
    ['an errno', 'vm default\ngmem A size 4K mmap\n', OLD, NEW, ['gmem: outcome']],
    [
      'what is zapped, and an access to a page that is gone',
      `${PRIVATE}punch A pgoff 0x200..0x202\nfault vcpu 0 read gfn 0x80000\n`,
      NEW,
      kernel('linux-7.3 with range-math shifted'),
      ['punch: outcome', 'fault: outcome'],
    ],
    [
      'bookkeeping that nobody expectations',
      'vm sw-protected\ngmem A size 4M\npunch A offset 0 size 4K\n',
      NEW,
      kernel('linux-7.3 with gmem-invalidate always'),
      ['punch: outcome'],
    ],
    ['only bits of leaves', REPLACED, CLEAR, NEW, ['fault: bits']],
    [
      'only the order of changes',
      `${SHARED}fault vcpu 0 write gpa 2M\nslot 1 gpa 8M size 4K\ndelete slot 1\n`,
      NEW,
      kernel('linux-7.3 with removed-table parent-first'),
      ['delete: order'],
    ],
  ])('differs in %s', (_, text, left, right, expected) => {
    expect(differing(text, left, right)).toEqual(expected);
  });

  test('is described in words that are complete', () => {
    const text = `vm sw-protected
gmem A size 4M
slot 0 gfn 0x80000..0x80100 gmem A pgoff 0
slot 1 gfn 0x90000..0x90100 gmem A pgoff 0x100
convert gfn 0x80000..0x80100 private
convert gfn 0x90000..0x90100 private
prefault vcpu 0 gfn 0x800ff..0x80100
prefault vcpu 0 gfn 0x90000..0x90001
punch A pgoff 0xff..0x101
`;
    const { left } = compare(text, NEW, kernel('linux-7.3 with range-math shifted')).at(-1)!;
    expect(left.lines).toEqual([
      'zapped slot 0 gfn 0x800ff',
      'zapped slot 1 gfn 0x90000',
      'freed A pages 0xff..0x101',
      'flush',
    ]);
  });

  test('has the entries where nothing else tells', () => {
    const { left, right } = compare(REPLACED, CLEAR, NEW).at(-1)!;
    const only = (a: readonly string[], b: readonly string[]) => a.filter((line) => !b.includes(line));
    expect(only(left.lines, right.lines)).toEqual(['SPTE 4K gfn 0x800 mmio → rwxa- (userspace)']);
    expect(only(right.lines, left.lines)).toEqual(['SPTE 4K gfn 0x800 mmio → rwxad (userspace)']);
  });

  test('has the result of an instruction', () => {
    const text = `vm sev-snp
gmem A size 2M huge
slot 0 gpa 2M size 2M gmem A offset 0
convert gpa 2M size 2M private
launch-finish
fault vcpu 0 read gpa 2M private
pvalidate vcpu 0 gpa 2M size 2M validate
`;
    const { left, right } = compare(text).at(-1)!;
    expect([left.lines, right.lines]).toEqual([['PVALIDATE SUCCESS'], ['PVALIDATE FAIL_SIZEMISMATCH']]);
  });

  test('does not ask what the scenario expects of its own kernel', () => {
    const [gmem] = compare('vm default\ngmem A size 4K mmap => ok\n');
    expect(gmem!.left.lines.join()).not.toContain('NOT AS EXPECTED');
  });

  test('takes no longer for a terabyte', () => {
    const text = `kernel linux-7.3 with phys-bits bits-48
vm sw-protected
gmem A size 4T
slot 0 gpa 4T size 4T gmem A offset 0
convert gpa 4T size 4T private
prefault vcpu 0 gpa 4T size 4T
punch A offset 0 size 4T
`;
    const [left, right] = [
      kernel('linux-7.3 with phys-bits bits-48'),
      kernel('linux-6.12 with phys-bits bits-48'),
    ];
    const compared = compare(text, left, right);
    expect(compared.map(({ difference }) => difference)).toContain('none');
    for (const { left: side } of compared) expect(side.lines.length).toBeLessThan(60);
  });

  test('is the same as itself, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(scenarios(), snpScenarios()), (text) => {
        for (const choice of [OLD, NEW]) expect(differing(text, choice, choice)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('differs both ways in the same way, and its sides differ where it does', () => {
    fc.assert(
      fc.property(fc.oneof(scenarios(), snpScenarios()), (text) => {
        const there = compare(text, OLD, NEW);
        const back = compare(text, NEW, OLD);
        for (const [at, { difference, left, right }] of there.entries()) {
          expect(back[at]!.difference).toBe(difference);
          expect(left.lines.join('\n') === right.lines.join('\n')).toBe(difference === 'none');
        }
      }),
      { numRuns: 60 },
    );
  });
});

const EXAMPLES = path.resolve(import.meta.dirname, '../../../examples');

describe('a text that differs', () => {
  test('is compared where only the direct map tells', () => {
    const text = `vm sev-snp
gmem A size 4M
slot 0 gpa 0x80000000 size 4M gmem A offset 0
launch-finish
convert gpa 0x80000000 size 4M private
fault vcpu 0 read gpa 0x80001000 private
`;
    const keep = kernel('linux-7.3 with direct-map keep');
    expect(differing(text, NEW, keep)).toEqual(['launch-finish: outcome', 'fault: outcome']);
  });

  const programs = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gmem'))
    .flatMap((name) => analyze(readFileSync(path.join(EXAMPLES, name), 'utf8')).programs)
    .filter(({ errors }) => errors.length === 0);
  const variants = KNOBS.flatMap(({ name, variants: all }) =>
    all.map((variant) => [name, variant.name] as const),
  );

  /** The lines of each statement's description. */
  function told(program: Program): readonly string[] {
    return [...runScenario(program)].map((executed) =>
      describeStatement({ ...executed.statement, expected: null }, executed.events, executed).lines.join(
        '\n',
      ),
    );
  }

  test('differs in the comparison, in every example and with every variant of a knob', () => {
    fc.assert(
      fc.property(fc.constantFrom(...programs), fc.constantFrom(...variants), (program, [knob, variant]) => {
        const { setup } = program;
        const other = { kernel: setup.kernel, knobs: { ...setup.knobs, [knob]: variant } };
        const [own, there] = [told(program), told({ ...program, setup: { ...setup, ...other } })];
        for (const [at, { difference }] of compareKernels(program, setup, other).entries()) {
          if (difference === 'none') expect(there[at]).toBe(own[at]);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('both runs beside each other', () => {
  test.each([['deleted-slot-takes-every-mapping'], ['sev-snp/psmash']])('%s', async (name) => {
    const analysis = analyze(readFileSync(path.join(EXAMPLES, `${name}.gmem`), 'utf8'));
    const [program] = analysis.programs;
    const comparison = { kernels: [OLD, NEW] as const, statements: compareKernels(program, OLD, NEW) };
    const [left, right] = sideTexts(analysis, program, comparison);
    const golden = `../golden/compared-${path.basename(name)}`;
    await expect(left).toMatchFileSnapshot(`${golden}.6.12.gmem`);
    await expect(right).toMatchFileSnapshot(`${golden}.7.3.gmem`);
    // Each side is a scenario again, and does what it says.
    for (const side of [left, right]) expect(analyze(side).diagnostics).toEqual([]);
  });

  const BLOCKS = `gmem A size 4K mmap
scenario "one" { close A } # end
scenario "two" {
\tpunch A offset 0
\t  size 4K
\tclose A }
`;

  test('are of one scenario of the file, below its lines, in its indentation', () => {
    const text = BLOCKS.replaceAll('\n', '\r\n');
    const analysis = analyze(text);
    const program = analysis.programs[1]!;
    const statements = compareKernels(program, OLD, NEW);
    const [left] = sideTexts(analysis, program, { kernels: [OLD, NEW], statements });
    expect(left.split('\r\n')).toEqual([
      'kernel linux-6.12',
      'gmem A size 4K mmap',
      '  # EINVAL: this kernel does not accept these file flags for this VM type',
      'scenario "one" { close A } # end',
      'scenario "two" {',
      '\tpunch A offset 0',
      '\t  size 4K',
      '\t  # EBADF: A is not an open descriptor: it was closed, or KVM_CREATE_GUEST_MEMFD failed',
      '\tclose A }',
      '\t  # EBADF: A is not an open descriptor: it was closed, or KVM_CREATE_GUEST_MEMFD failed',
      '',
    ]);
  });

  test('mark the lines that differ, with what happens on each', () => {
    const { programs } = analyze(BLOCKS);
    const statements = compareKernels(programs[1]!, OLD, NEW);
    const lines = differingLines({ kernels: [OLD, NEW], statements });
    expect(lines.map(({ line0, difference }) => [line0, difference])).toEqual([
      [0, 'outcome'],
      [3, 'outcome'],
      [5, 'outcome'],
    ]);
    expect(lines[0]!.hover).toContain('`linux-6.12`\n\n- EINVAL');
    expect(lines[0]!.hover).toContain('`linux-7.3`\n\n- A: page 0x0');
  });
});
