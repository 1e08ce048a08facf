import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/language';
import { type Executed, outcomeOf, runScenario, transcript } from '../../src/outcome';
import { staleMappings } from '../../src/simulator/stale-mappings';

/** A file that shows at two gfns: its first 2 MiB at 0x80000, the others at 0x90000. */
const SETUP = `vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
slot 1 gpa 0x90000000 size 2M gmem A offset 2M
convert gpa 0x80000000 size 2M private
convert gpa 0x90000000 size 2M private
prefault vcpu 0 gpa 0x80000000 size 16K
prefault vcpu 0 gpa 0x90000000 size 16K
`;

function last(text: string): Executed {
  const { programs, diagnostics } = analyze(text);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return [...runScenario(programs[0])].at(-1)!;
}

function lastLine(text: string): string {
  return [...transcript(text, analyze(text).programs[0])].at(-1)!.outcome;
}

describe('a memory error in a page of a guest_memfd', () => {
  it.each([
    [
      'takes its mapping away',
      'poison A offset 4K',
      'EBUSY · zapped slot 0 gfn 0x80001 · poisoned A page 0x1 · flush',
    ],
    [
      'somewhere in a page',
      'poison A offset 4099',
      'EBUSY · zapped slot 0 gfn 0x80001 · poisoned A page 0x1 · flush',
    ],
    [
      'in the slot that has it',
      'poison A offset 0x201000',
      'EBUSY · zapped slot 1 gfn 0x90001 · poisoned A page 0x201 · flush',
    ],
    ['that nobody has', 'poison A offset 64K', 'EFAULT: A has no page at this offset'],
    [
      'that had one before',
      'poison A offset 4K\npoison A offset 4K',
      'EHWPOISON: the page is already poisoned',
    ],
    [
      'of a file that is closed',
      'close A\npoison A offset 0',
      'EBADF: A is not an open descriptor: it was closed, or KVM_CREATE_GUEST_MEMFD failed',
    ],
    [
      'ends an access with an exit',
      'poison A offset 4K\nfault vcpu 0 read gpa 0x80001000',
      'EHWPOISON · exit memory-fault private gpa 0x80001000',
    ],
    [
      'stops a prefault in front of it',
      'poison A offset 4K\nprefault vcpu 0 gpa 0x80000000 size 16K',
      'EHWPOISON, 0x3000 bytes left',
    ],
    [
      'leaves its neighbours alone',
      'poison A offset 4K\nfault vcpu 0 read gpa 0x80002000',
      'no fault: gfn 0x80002 is mapped',
    ],
    [
      'goes with its page: a hole, and another page comes',
      'poison A offset 4K\npunch A offset 4K size 4K\nfault vcpu 0 read gpa 0x80001000',
      'mapped 4K gfn 0x80001 rwx · allocated A page 0x1',
    ],
    [
      'is not seen by allocation',
      'poison A offset 4K\nallocate A offset 0 size 16K',
      'all pages were already allocated',
    ],
  ])('%s', (_, statements, outcome) => {
    expect(lastLine(`${SETUP}${statements}\n`)).toBe(outcome);
  });

  it('is what 7.3 and 6.12 tell alike', () => {
    const text = `${SETUP}poison A offset 4K\nfault vcpu 0 read gpa 0x80001000\n`;
    expect(lastLine(`kernel linux-6.12\n${text}`)).toBe(lastLine(text));
  });

  it('splits a folio of 2 MiB, of which the other pages go on', () => {
    const { after, events } = last(`kernel linux-6.12
      vm sw-protected
      gmem A size 2M huge
      slot 0 gpa 0x80000000 size 2M gmem A offset 0
      convert gpa 0x80000000 size 2M private
      fault vcpu 0 write gpa 0x80000000
      poison A offset 4K
      fault vcpu 0 write gpa 0x80000000
    `);
    expect(outcomeOf(events).sptes.map(([gfn, level]) => [gfn, level])).toContainEqual(['0x80000', 1]);
    expect(after.files[0]!.cache.map(({ start, end, value }) => [start, end, value.poisoned])).toEqual([
      [0, 1, false],
      [1, 2, true],
      [2, 512, false],
    ]);
  });

  it('refuses what a launch would fill', () => {
    const { events } = last(`vm sev-snp
      gmem A size 2M
      slot 0 gpa 0x80000000 size 2M gmem A offset 0
      convert gpa 0x80000000 size 2M private
      allocate A offset 0 size 16K
      poison A offset 0
      launch-update gpa 0x80000000 size 4K
    `);
    expect(events.find(({ type }) => type === 'refused')).toMatchObject({ reason: 'page-poisoned' });
  });

  it('of another VM is reported for that VM', () => {
    const { vmId, next } = last(`${SETUP}vm default\npoison A offset 4K\n`);
    expect([vmId, next.vmId]).toEqual([0, 1]);
    expect(lastLine(`${SETUP}vm default\npoison A offset 4K\n`)).toContain('zapped slot 0 gfn 0x80001');
  });
});

describe('with the SIGBUS of 2023', () => {
  const signalled = (statements: string) =>
    last(`kernel linux-7.3 with gmem-poison signalled\n${statements}`);

  it('the guest keeps the page', () => {
    expect(staleMappings(signalled(`${SETUP}poison A offset 4K\n`).after, 0)).toEqual([
      { start: 0x80001, end: 0x80002, why: 'poisoned' },
    ]);
  });

  it('it goes to the gfn that the page has as its index', () => {
    const { events } = signalled(`vm sw-protected
      gmem A size 2M
      slot 0 gpa 4K size 1M gmem A offset 0
      convert gpa 4K size 1M private
      prefault vcpu 0 gpa 4K size 16K
      poison A offset 8K
    `);
    expect(outcomeOf(events)).toMatchObject({ poisoned: [['A', '0x2', 1]], sigbus: [[0, '0x2']] });
  });
});
