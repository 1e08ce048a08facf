import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyze, type Program } from '../../src/language';
import { compareKernels } from '../../src/outcome';
import { KNOBS, type Knob } from '../../src/simulator/knobs';

/** A knob, and two variants, that only a racing call tells: test/simulator/racing-knobs.test.ts has them. */
type Racing = 'prefault-deleted-slot';
const RACING = 'convert-range: added, gfns-only';

/** Scenarios that tell the variants of a knob from each other: examples by their names, others as they stand. */
const SCENARIOS: Readonly<Record<Exclude<Knob, Racing>, readonly string[]>> = {
  'range-math': ['range-math/clamp'],
  'gmem-invalidate': ['knobs/gmem-invalidate'],
  'zap-filter': ['knobs/zap-filter'],
  'unbind-zap': ['knobs/unbind-zap'],
  'slot-zap': ['bugs/slot-zap', 'tdx/slot-zap-all-roots'],
  'retry-check': ['knobs/retry-check'],
  'convert-slots': ['bugs/convert-slots'],
  'convert-range': ['bugs/convert-range'],
  'range-assert': ['bugs/range-assert'],
  'gmem-flags': ['gmem A size 4K mmap'],
  'gmem-slots': ['gmem A size 4K\nslot 0 gpa 1M size 4K gmem A offset 0'],
  'gmem-bind': [
    `vm sw-protected
    gmem A size 4K
    slot 0 gpa 1M size 4K gmem A offset 0
    slot 1 gpa 2M size 4K gmem A offset 0`,
  ],
  'gmem-only-slots': [
    `gmem A size 4K mmap init-shared
    slot 0 gpa 1M size 4K gmem A offset 0
    fault vcpu 0 write gpa 1M`,
  ],
  'punch-truncate': ['bugs/punch-truncate', 'bugs/truncate-byte-beyond'],
  'partial-truncate': ['bugs/partial-truncate'],
  'huge-binding': ['bugs/huge-binding'],
  'bind-reference': ['bugs/bind-reference'],
  'readonly-gmem': ['bugs/readonly-gmem'],
  'gmem-poison': ['bugs/gmem-poison'],
  'rewritten-dirty': [
    `fault vcpu 0 read gpa 8M
    slot 0 gpa 8M size 4K
    fault vcpu 0 write gpa 8M`,
  ],
  'existing-leaf': ['bugs/existing-leaf'],
  'removed-table': ['huge-page-goes-whole'],
  'prefault-root': ['bugs/prefault-root'],
  'prefault-before-launch': ['bugs/prefault-before-launch'],
  'prefault-shared-root': ['bugs/prefault-shared-root'],
  'huge-zero-write': [
    `slot 0 gpa 2M size 2M thp
    fault vcpu 0 read gpa 2M
    fault vcpu 0 write gpa 2M`,
  ],
  'discarded-table': [
    `slot 0 gpa 2M size 2M thp
    fault vcpu 0 write gpa 2M
    discard slot 0 offset 0 size 4K
    discard slot 0 offset 0 size 2M
    fault vcpu 0 write gpa 2M`,
  ],
  'phys-bits': ['slot 0 gpa 0xffffff000 size 1M\nslot 1 gpa 0x10000000000 size 1M'],
  'gmem-prepare': ['bugs/uptodate-before-prepared'],
  'gmem-populate': ['sev-snp/launch'],
  'direct-map': ['sev-snp/direct-map-kept'],
  'rmp-conversion': ['sev-snp/rmp-at-fallocate'],
  'rmp-reset': ['sev-snp/rmp-reset-at-unmap'],
  'rmp-fault-when': ['bugs/rmp-fault-when'],
  'readonly-protected': ['bugs/readonly-protected'],
  'reclaim-lookup': ['bugs/reclaim-lookup'],
  'private-fault': ['sev-snp/private-by-mask', 'tdx/private-by-inverted-mask'],
  'error-code': ['sev-snp/error-code-32-bits'],
};

const examples = path.resolve(import.meta.dirname, '../../examples');

function programsOf(scenario: string): readonly Program[] {
  const isName = /^[\w/-]+$/.test(scenario);
  const text = isName ? readFileSync(path.join(examples, `${scenario}.gmem`), 'utf8') : scenario;
  const { programs, diagnostics } = analyze(text);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return programs;
}

/** Whether some statement does something else on the one variant than on the other. */
function tells(program: Program, knob: Knob, left: string, right: string): boolean {
  const { kernel, knobs } = program.setup;
  const on = (variant: string) => ({ kernel, knobs: { ...knobs, [knob]: variant } });
  return compareKernels(program, on(left), on(right)).some(({ difference }) => difference !== 'none');
}

describe('the variants of a knob do something else', () => {
  const pairs = KNOBS.filter(({ name }) => Object.hasOwn(SCENARIOS, name)).flatMap(({ name, variants }) =>
    variants.flatMap((left, at) =>
      variants.slice(at + 1).map((right) => [name as Exclude<Knob, Racing>, left.name, right.name] as const),
    ),
  );
  const told = pairs.filter(([knob, left, right]) => `${knob}: ${left}, ${right}` !== RACING);

  test.each(told)('%s: %s, %s', (knob, left, right) => {
    const programs = SCENARIOS[knob].flatMap(programsOf);
    expect(programs.some((program) => tells(program, knob, left, right))).toBe(true);
  });
});
