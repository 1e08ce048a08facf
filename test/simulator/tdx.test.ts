import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/outcome';
import { violations } from '../../src/simulator/invariants';
import { runText } from './running';

const GUEST = `vm tdx
gmem A size 4M huge
slot 0 gpa 0x40000000 size 4M gmem A offset 0
convert gpa 0x40000000 size 2M private
`;
const ACCEPT = 'accept vcpu 0 gpa 0x40000000 size 4K\n';

/** How the last statement ended, and what is accepted. */
function last(text: string) {
  const { state, events } = runText(text);
  const { result, instruction, guest, exit, faults } = outcomeOf(events.at(-1)!);
  const accepted = state.vms[0]!.accepted.map(({ start, end }) => [start, end]);
  expect(violations(state)).toEqual([]);
  return { result, status: instruction?.result, guest, exit: exit?.reason, faults: faults.length, accepted };
}

const NONE = { status: undefined, guest: undefined, exit: undefined };
const ONE = [[0x40000, 0x40001]];

describe('TDG.MEM.PAGE.ACCEPT', () => {
  it.each([
    ['a page that is not there', ACCEPT, { result: 'ok', status: 'SUCCESS', faults: 1, accepted: ONE }],
    [
      'a page that was prefaulted',
      `prefault vcpu 0 gpa 0x40000000 size 4K\n${ACCEPT}`,
      { result: 'ok', status: 'SUCCESS', faults: 0, accepted: ONE },
    ],
    [
      'a page twice',
      ACCEPT + ACCEPT,
      { result: 'ok', status: 'PAGE_ALREADY_ACCEPTED', faults: 0, accepted: ONE },
    ],
    [
      '2M, which KVM brings as 4K',
      'accept vcpu 0 gpa 0x40000000 size 2M\n',
      { result: 'ok', status: 'PAGE_SIZE_MISMATCH', faults: 1, accepted: [] },
    ],
    [
      '2M in the middle of it',
      'accept vcpu 0 gpa 0x40001000 size 2M\n',
      { result: 'ok', status: 'OPERAND_INVALID', faults: 1, accepted: [] },
    ],
    [
      'a shared gfn',
      'accept vcpu 0 gpa 0x40200000 size 4K\n',
      { result: 'EFAULT', exit: 'memory-fault', faults: 1, accepted: [] },
    ],
    [
      'a hole',
      'accept vcpu 0 gpa 0x90000000 size 4K\n',
      { result: 'EFAULT', exit: 'memory-fault', faults: 1, accepted: [] },
    ],
    [
      'on another type of VM',
      `vm sev-snp\nlaunch-finish\n${ACCEPT}`,
      { result: 'ok', guest: '#UD', faults: 0, accepted: [] },
    ],
  ])('of %s', (_what, text, expected) => {
    expect(last(GUEST + text)).toEqual({ ...NONE, ...expected });
  });

  it.each([
    ['a hole in the file', 'punch A offset 0 size 4K'],
    ['a conversion to shared', 'convert gpa 0x40000000 size 4K shared'],
    ['the end of the slot', 'delete slot 0'],
    ['the end of the file', 'close A'],
  ])('is undone by %s', (_what, text) => {
    const { state, events } = runText(`${GUEST}${ACCEPT}${text}\n`);
    expect(state.vms[0]!.accepted).toEqual([]);
    expect(outcomeOf(events.at(-1)!).unaccepted).toEqual([['0x40000', 1]]);
  });

  it.each([
    ['a discard of shared memory', 'discard slot 0 offset 0 size 4M'],
    ['a hole elsewhere', 'punch A offset 4K size 1M'],
    ['a conversion elsewhere', 'convert gpa 0x40001000 size 1M shared'],
    ['the end of another slot', 'slot 1 gpa 0x50000000 size 1M\ndelete slot 1'],
  ])('is not undone by %s', (_what, text) => {
    expect(runText(`${GUEST}${ACCEPT}${text}\n`).state.vms[0]!.accepted).toHaveLength(1);
  });
});

describe('a page that the guest has not accepted', () => {
  it.each([
    ['is the end of the VM', 'fault vcpu 0 read gpa 0x40000000 private', 'EIO', true],
    ['is no matter to a prefault', 'prefault vcpu 0 gpa 0x40000000 size 2M', 'ok', false],
    ['is no matter to shared memory', 'fault vcpu 0 write gpa 0x40200000 shared', 'ok', false],
  ])('%s', (_what, text, result, dead) => {
    const { state, events } = runText(`${GUEST}${text}\n`);
    expect(outcomeOf(events.at(-1)!).result).toBe(result);
    expect(state.vms[0]!.dead).toBe(dead);
  });

  it('leaves a VM of which every ioctl gives EIO, and files that are as before', () => {
    const { events } = runText(`${GUEST}fault vcpu 0 read gpa 0x40000000 private
gmem B size 4K
slot 1 gpa 0x50000000 size 4K
convert gpa 0x40000000 size 4K shared
fault vcpu 0 read gpa 0x40200000 shared
prefault vcpu 0 gpa 0x40000000 size 4K
psc vcpu 0 gpa 0x40000000 size 4K shared
accept vcpu 0 gpa 0x40000000 size 4K
punch A offset 0 size 4K
discard slot 0 offset 0 size 4K
vm default
slot 0 gpa 0 size 4K
`);
    const results = events.slice(-11).map((of) => outcomeOf(of).result);
    expect(results).toEqual([...Array(7).fill('EIO'), 'ok', 'ok', 'ok', 'ok']);
  });
});

describe('an entry of the mirror root, under prefault-shared-root mirror', () => {
  const MIRROR = `kernel linux-7.3 with prefault-shared-root mirror\n${GUEST}`;

  it.each([
    // The zero page of userspace memory, memory that the VMM wrote, private memory, each variant.
    ['read-only: WARN', MIRROR, 'prefault vcpu 0 gpa 0x40200000 size 4K', 1],
    ['read-only, twice: one WARN', MIRROR, 'prefault vcpu 0 gpa 0x40200000 size 8K', 1],
    ['writable', MIRROR, 'host write slot 0 offset 2M\nprefault vcpu 0 gpa 0x40200000 size 4K', 0],
    ['of private memory', MIRROR, 'prefault vcpu 0 gpa 0x40000000 size 4K', 0],
    ['in the direct root', GUEST, 'prefault vcpu 0 gpa 0x40200000 size 4K', 0],
  ])('%s', (_what, guest, text, count) => {
    const events = runText(`${guest}${text}\n`).events.at(-1)!;
    expect(outcomeOf(events).result).toBe('ok');
    expect(events.filter(({ type }) => type === 'warn')).toHaveLength(count);
  });

  it.each([
    ['mirror', MIRROR, 'EIO', true],
    ['direct', GUEST, 'ENOENT', false],
  ])('for a hole, %s: the VM is dead, or it is not', (_variant, guest, result, dead) => {
    const { state, events } = runText(`${guest}prefault vcpu 0 gpa 0x80000000 size 2M\n`);
    expect(outcomeOf(events.at(-1)!)).toMatchObject({ result, left: '0x200000' });
    expect(state.vms[0]!.dead).toBe(dead);
    expect(events.at(-1)!.filter(({ type }) => type === 'warn')).toHaveLength(dead ? 2 : 0);
    expect(state.locks).toEqual([]);
  });
});

describe('MapGPA', () => {
  it.each([
    ['of nothing', '0x40000000 size 0', 'INVALID_OPERAND', undefined],
    ['that wraps', '0x7ffffffff000 size 0xffffffffffffffff', 'INVALID_OPERAND', undefined],
    ['beyond the addresses of the guest', '0xfffffff000 size 8K', 'INVALID_OPERAND', undefined],
    ['at half a page', '0x40000800 size 4K', 'ALIGN_ERROR', undefined],
    ['of half a page', '0x40000000 size 2K', 'ALIGN_ERROR', undefined],
    ['of a page', '0x40000000 size 4K', 'SUCCESS', { gpa: '0x40000000', size: '0x1000' }],
    [
      'of 2 MiB, wherever they begin',
      '0x40001000 size 2M',
      'SUCCESS',
      { gpa: '0x40001000', size: '0x200000' },
    ],
    ['of more', '0x40000000 size 2052K', 'SUCCESS', { gpa: '0x40000000', size: '0x201000', times: 2 }],
    [
      'of very much',
      '0x40000000 size 512G',
      'SUCCESS',
      { gpa: '0x40000000', size: '0x8000000000', times: 262144 },
    ],
  ])('%s', (_what, range, status, exit) => {
    const { events } = runText(`${GUEST}psc vcpu 0 gpa ${range} private\n`);
    const outcome = outcomeOf(events.at(-1)!);
    expect(outcome.result).toBe('ok');
    expect(outcome.instruction).toMatchObject({ name: 'MapGPA', result: status });
    const made = outcome.exit && { ...outcome.exit, requests: undefined };
    expect(made).toEqual(exit && { reason: 'hypercall', private: true, ...exit });
  });
});

/** What a guest meets in a hole: KVM cannot emulate its access, so it has to ask. */
describe('a hole', () => {
  it.each([
    ['tdx', '', '#VE'],
    ['sev-snp', 'launch-finish\n', '#VC'],
  ])('of %s reaches the guest, on the second try', (type, launch, vector) => {
    const { events } = runText(
      `vm ${type}\n${launch}fault vcpu 0 write gpa 0xfe000000 shared\nfault vcpu 0 read gpa 0xfe000008 shared\nprefault vcpu 0 gpa 0xfe000000 size 4K\n`,
    );
    const [first, second, prefault] = events.slice(-3).map(outcomeOf);
    expect(first).toMatchObject({ result: 'ok', guest: vector, exit: { reason: 'mmio', write: true } });
    expect(first!.faults).toHaveLength(1);
    expect(second).toMatchObject({
      guest: vector,
      exit: { reason: 'mmio', gpa: '0xfe000008', write: false },
    });
    expect(second!.faults).toEqual([]);
    expect(prefault).toMatchObject({ result: 'ENOENT', sptes: [] });
  });

  it.each(['tdx', 'sev-snp'])('of %s that is accessed as private is a memory fault', (type) => {
    const launch = type === 'tdx' ? '' : 'launch-finish\n';
    const { events } = runText(`vm ${type}\n${launch}fault vcpu 0 read gpa 0xfe000000 private\n`);
    expect(outcomeOf(events.at(-1)!)).toMatchObject({ result: 'EFAULT', exit: { private: true } });
  });
});

it('a slot ends below the shared bit, and a prefault has none', () => {
  const { events } = runText(
    'kernel linux-7.3 with phys-bits bits-48\nvm tdx\nslot 0 gpa 0x7fffffe00000 size 2M\nslot 1 gpa 0x7ffffff00000 size 2M\n',
  );
  expect(events.slice(-2).map((of) => outcomeOf(of).result)).toEqual(['ok', 'EEXIST']);
  const alone = runText(
    'kernel linux-7.3 with phys-bits bits-48\nvm tdx\nslot 1 gpa 0x7ffffff00000 size 2M\n',
  );
  expect(outcomeOf(alone.events.at(-1)!).result).toBe('EINVAL');
});

it('private memory is mapped as 4K, whatever the folio', () => {
  const { state } = runText(`${GUEST}prefault vcpu 0 gpa 0x40000000 size 2M\n`);
  const mirror = state.vms[0]!.roots.find(({ kind }) => kind === 'mirror');
  expect(mirror?.leaves.map(({ value }) => value.level)).toEqual([1]);
});
