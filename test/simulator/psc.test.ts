import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/outcome';
import { PSC_ENTRIES, pscRun } from '../../src/simulator/model/psc-entries';
import { runText } from './running';

interface Entry {
  readonly gfn: number;
  readonly pages: 1 | 512;
}

interface Exit {
  readonly gfn: number;
  readonly pages: number;
  readonly huge: boolean;
}

/** What Linux puts into its buffers, entry after entry (__set_pages_state). */
function buffersOf(start: number, end: number): readonly (readonly Entry[])[] {
  const buffers: Entry[][] = [];
  for (let gfn = start; gfn < end; ) {
    const pages = gfn % 512 === 0 && end - gfn >= 512 ? 512 : 1;
    const last = buffers.at(-1);
    if (last === undefined || last.length === 253) buffers.push([{ gfn, pages }]);
    else last.push({ gfn, pages });
    gfn += pages;
  }
  return buffers;
}

/** The exits that KVM makes of a buffer (snp_begin_psc). */
function exitsOf(buffer: readonly Entry[]): readonly Exit[] {
  const exits: Exit[] = [];
  for (const { gfn, pages } of buffer) {
    const last = exits.at(-1);
    const huge = pages === 512;
    if (last?.huge === huge && last.gfn + last.pages === gfn) {
      exits[exits.length - 1] = { ...last, pages: last.pages + pages };
    } else exits.push({ gfn, pages, huge });
  }
  return exits;
}

/** The same, in the runs of the simulator. */
function simulated(start: number, end: number, alike: number): readonly Exit[] {
  const exits: Exit[] = [];
  let room = PSC_ENTRIES;
  for (let gfn = start; gfn < end; ) {
    const run = pscRun({ start: gfn, end }, room, Math.max(gfn, alike));
    for (let exit = 0; exit < run.times; exit++) {
      const pages = run.pages / run.times;
      exits.push({ gfn: gfn + exit * pages, pages, huge: run.pageSize === 2 });
    }
    gfn += run.pages;
    room = run.room === 0 ? PSC_ENTRIES : run.room;
  }
  return exits;
}

describe('the entries of a page state change', () => {
  it('are those of Linux, merged as KVM merges them', () => {
    const starts = fc.oneof(
      fc.nat(2048),
      fc.nat(8).map((at) => at * 512),
    );
    const lengths = fc.oneof(
      fc.integer({ min: 1, max: 2048 }),
      fc.integer({ min: 1, max: 1000 }).map((n) => n * 512),
    );
    fc.assert(
      fc.property(starts, lengths, fc.nat(600_000), (start, pages, alike) => {
        const expected = buffersOf(start, start + pages).flatMap(exitsOf);
        expect(simulated(start, start + pages, Math.min(alike, start + pages))).toEqual(expected);
      }),
    );
  });

  it.each([
    ['one page', '0x80000000 size 4K', [['0x80000000', '0x1000', '0x10', 1]]],
    ['neighbours of 4K', '0x80000000 size 8K', [['0x80000000', '0x2000', '0x10', 1]]],
    ['2M', '0x80000000 size 2M', [['0x80000000', '0x200000', '0x11', 1]]],
    ['neighbours of 2M', '0x80000000 size 4M', [['0x80000000', '0x400000', '0x11', 1]]],
    [
      '2M that is not aligned: 512 of 4K, in three buffers',
      '0x80001000 size 2M',
      [
        ['0x80001000', '0xfd000', '0x10', 1],
        ['0x800fe000', '0xfd000', '0x10', 1],
        ['0x801fb000', '0x6000', '0x10', 1],
      ],
    ],
    [
      '4K, 2M and 4K: never merged',
      '0x801ff000 size 2056K',
      [
        ['0x801ff000', '0x1000', '0x10', 1],
        ['0x80200000', '0x200000', '0x11', 1],
        ['0x80400000', '0x1000', '0x10', 1],
      ],
    ],
    [
      '200 of 4K, one of 2M and 200 of 4K, in two buffers',
      '0x80138000 size 3648K',
      [
        ['0x80138000', '0xc8000', '0x10', 1],
        ['0x80200000', '0x200000', '0x11', 1],
        ['0x80400000', '0x34000', '0x10', 1],
        ['0x80434000', '0x94000', '0x10', 1],
      ],
    ],
    ['more than a buffer of 2M', '0x80000000 size 1012M', [['0x80000000', '0x3f400000', '0x11', 2]]],
  ])('%s', (_what, range, requests) => {
    const { events } = runText(`vm sev-snp\nlaunch-finish\npsc vcpu 0 gpa ${range} private`);
    const { result, exit } = outcomeOf(events.at(-1)!);
    expect(result).toBe('ok');
    expect(exit?.requests).toEqual(requests);
  });
});

/** What is private in the end, in bytes from 1 GiB on; what the guest knows; how often the vCPU left. */
function answered(vm: string, request: string) {
  const launch = vm === 'sev-snp' ? 'launch-finish\n' : '';
  const { state, events } = runText(`vm ${vm}\n${launch}psc vcpu 0 gpa 1G ${request}`);
  const { result, exit, instruction } = outcomeOf(events.at(-1)!);
  const pages = state.vms[0]!.privateGfns.reduce((sum, { start, end }) => sum + end - start, 0);
  return { result, exits: exit?.times ?? (exit ? 1 : 0), pages, told: instruction?.result };
}

describe('the VMM answers a request', () => {
  const GENERIC = 'ERROR_GENERIC';
  const INVALID = 'INVALID_OPERAND';
  it.each([
    // vm, request, exits, private pages, the guest's status
    ['sev-snp', 'size 4M private', 1, 1024, undefined],
    ['sev-snp', 'size 4M private refused', 1, 0, GENERIC],
    ['sev-snp', 'size 4M private later', 1, 0, undefined],
    ['sev-snp', 'size 4M private converts 8K', 1, 2, GENERIC],
    ['sev-snp', 'size 4M private later converts 8K', 1, 2, undefined],
    ['sev-snp', 'size 4M private converts 4M', 1, 1024, undefined],
    // The first exit of 253 entries is done, the second fails.
    ['sev-snp', 'size 1020K private converts 1012K', 2, 253, GENERIC],
    ['sev-snp', 'size 1020K private refused', 1, 0, GENERIC],
    ['tdx', 'size 4M private', 2, 1024, 'SUCCESS'],
    ['tdx', 'size 4M private refused', 1, 0, INVALID],
    ['tdx', 'size 4M private later', 2, 0, 'SUCCESS'],
    ['tdx', 'size 4M private converts 2M', 2, 512, INVALID],
    ['tdx', 'size 4M private converts 3M', 2, 768, INVALID],
    ['tdx', 'size 4M private later converts 8K', 2, 2, 'SUCCESS'],
    ['sw-protected', 'size 4M private', 1, 1024, undefined],
    ['sw-protected', 'size 4M private refused', 1, 0, 'EINVAL'],
    ['sw-protected', 'size 4M private later', 1, 0, undefined],
    ['sw-protected', 'size 4M private converts 8K', 1, 2, 'EINVAL'],
    ['default', 'size 4M shared', 1, 0, undefined],
    // KVM_SET_MEMORY_ATTRIBUTES fails.
    ['default', 'size 4M private', 1, 0, 'EINVAL'],
  ])('%s, %s', (vm, request, exits, pages, told) => {
    expect(answered(vm, request)).toEqual({ result: 'ok', exits, pages, told });
  });

  it.each(['linux-6.12', 'linux-7.3'])('a hypercall with bad arguments is not for the VMM: %s', (kernel) => {
    for (const range of ['gpa 1G size 0', 'gpa 0x40000800 size 4K', 'gpa 0xfffffffffffff000 size 4K']) {
      const { events } = runText(`kernel ${kernel}\nvm sw-protected\npsc vcpu 0 ${range} private`);
      const { result, exit, instruction } = outcomeOf(events.at(-1)!);
      expect({ result, exit, instruction }).toEqual({
        result: 'ok',
        exit: undefined,
        instruction: { name: 'VMMCALL', result: 'EINVAL' },
      });
    }
  });

  it('and a conversion that comes later is a statement of its own', () => {
    const { events } = runText(`vm sw-protected
gmem A size 4M
slot 0 gpa 1G size 4M gmem A offset 0
psc vcpu 0 gpa 1G size 8K private later
convert gpa 1G size 8K private
fault vcpu 0 write gpa 1G`);
    expect(outcomeOf(events.at(-1)!)).toMatchObject({ result: 'ok', faults: [expect.anything()] });
  });
});
