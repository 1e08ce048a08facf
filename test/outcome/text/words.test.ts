import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/language';
import { describeOutcome, runScenario } from '../../../src/outcome';

const PAGE = `vm sev-snp
gmem A size 2M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 4K private
launch-finish
pvalidate vcpu 0 gpa 0x80000000 size 4K validate
`;

function last(text: string): string {
  const executed = [...runScenario(analyze(PAGE + text).programs[0])].at(-1)!;
  return describeOutcome(executed.statement, executed.events, executed).text;
}

describe('what is said of a statement of SEV-SNP', () => {
  it.each([
    ['fault vcpu 0 read gpa 0x80000000 private', 'no fault: gfn 0x80000 is mapped'],
    [
      'fault vcpu 0 read gpa 0x80000000 shared',
      'no fault: gfn 0x80000 is mapped, to a private page: the guest reads ciphertext',
    ],
    ['rmpupdate A offset 0 size 4K private gpa 0 asid 0', 'RMP 1×4K → reclaim · RMPUPDATE SUCCESS'],
    [
      'rmpupdate A offset 0 size 4K private gpa 0 asid 0 immutable',
      'RMP 1×4K → firmware · RMPUPDATE SUCCESS',
    ],
    [
      'psc vcpu 0 gpa 0x80001000 size 2M private',
      'exit hypercall private gpa 0x80001000 (512 pages, attributes 0x10, 3 exits) · private gfn 0x80001..0x800fe · private gfn 0x800fe..0x801fb · private gfn 0x801fb..0x80201',
    ],
    [
      'psc vcpu 0 gpa 0x80200000 size 2M private',
      'exit hypercall private gpa 0x80200000 (512 pages, attributes 0x11) · private gfn 0x80200..0x80400',
    ],
    [
      'psc vcpu 0 gpa 0x801ff000 size 2052K private refused',
      'exit hypercall private gpa 0x801ff000 (1 page, attributes 0x10) · PSC ERROR_GENERIC',
    ],
    [
      'psc vcpu 0 gpa 0x801ff000 size 2052K private later',
      'exit hypercall private gpa 0x801ff000 (513 pages, attributes 0x10, 0x11, 2 exits)',
    ],
  ])('%s', (text, said) => {
    expect(last(text)).toBe(said);
  });
});
