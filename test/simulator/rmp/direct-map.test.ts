import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../src/outcome';
import { type RangeSet, valueAt } from '../../../src/simulator/ranges';
import { directMapLevel, firstForbidden, splitDirectMap } from '../../../src/simulator/rmp/direct-map';
import { HYPERVISOR, type Rmp, setEntries } from '../../../src/simulator/rmp/entry';
import { hostMayWrite } from '../../../src/simulator/rmp/host-instructions';
import { runText } from '../running';

const PAGES = 4 * 512;

const range = fc
  .record({
    start: fc.nat(PAGES - 1),
    length: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: PAGES })),
  })
  .map(({ start, length }) => ({ start, end: Math.min(PAGES, start + length) }));

const rmps = fc
  .array(range, { maxLength: 4 })
  .map((owned) =>
    owned.reduce(
      (rmp: Rmp, { start, end }, at) =>
        setEntries(rmp, start, end, { ...HYPERVISOR, assigned: true, asid: at + 1 }),
      [],
    ),
  );

const directMaps = fc
  .array(range, { maxLength: 2 })
  .map((split) => split.reduce((map: RangeSet, pages) => splitDirectMap(map, pages).directMap, []));

describe('the direct map', () => {
  it('forbids the first page that it would forbid by itself', () => {
    fc.assert(
      fc.property(rmps, directMaps, range, (rmp, directMap, { start, end }) => {
        let expected: number | null = null;
        for (let pfn = end - 1; pfn >= start; pfn--) {
          if (!hostMayWrite(rmp, pfn, directMapLevel(directMap, pfn))) expected = pfn;
        }
        expect(firstForbidden({ rmp, directMap }, { start, end })).toBe(expected);
      }),
    );
  });

  it('is split in whole 2 MiB, and tells what was not split before', () => {
    fc.assert(
      fc.property(directMaps, range, (before, pages) => {
        const { directMap, split } = splitDirectMap(before, pages);
        const told = new Set(
          split.flatMap(({ start, end }) =>
            Array.from({ length: (end - start) / 512 }, (_, at) => start / 512 + at),
          ),
        );
        for (let region = 0; region < PAGES / 512; region++) {
          const wanted = pages.start < (region + 1) * 512 && pages.end > region * 512;
          const was = valueAt(before, region * 512) === true;
          expect(directMapLevel(directMap, region * 512)).toBe(was || wanted ? 1 : 2);
          expect(told.has(region)).toBe(wanted && !was);
        }
      }),
    );
  });
});

const GUEST = `vm sev-snp
launch-finish
gmem A size 4M huge
slot 0 gpa 0x80000000 size 4M gmem A offset 0
convert gpa 0x80000000 size 4M private
`;

/** Result of the last statement, and what it split. */
function last(text: string) {
  const { result, directMap } = outcomeOf(runText(text).events.at(-1)!);
  return { result, split: (directMap ?? []).length };
}

describe('a write of the kernel', () => {
  it.each([
    [
      'a page of the host, in a 2M mapping',
      'linux-7.3',
      'allocate A offset 0 size 4K\nhost write A offset 0',
      'ok',
      0,
    ],
    [
      'beside a page that KVM gave the guest',
      'linux-7.3',
      'fault vcpu 0 read gpa 0x80000000 private\nhost write A offset 4K',
      'ok',
      0,
    ],
    [
      'to that page',
      'linux-7.3',
      'fault vcpu 0 read gpa 0x80000000 private\nhost write A offset 0',
      'oops',
      0,
    ],
    [
      'in a folio that is one entry of 2M',
      'linux-6.12',
      'fault vcpu 0 read gpa 0x80000000 private\nhost write A offset 1M',
      'oops',
      0,
    ],
    [
      'beside a page that the bare instruction gave away',
      'linux-7.3',
      'allocate A offset 0 size 2M\nrmpupdate A offset 0 size 4K private gpa 0x80000000 asid 1\nhost write A offset 4K',
      'oops',
      0,
    ],
    [
      'in the next 2 MiB',
      'linux-7.3',
      'allocate A offset 0 size 4M\nrmpupdate A offset 0 size 4K private gpa 0x80000000 asid 1\nhost write A offset 2M',
      'ok',
      0,
    ],
    [
      'after the page came back',
      'linux-7.3',
      'allocate A offset 0 size 2M\nrmpupdate A offset 0 size 4K private gpa 0x80000000 asid 1\nrmpupdate A offset 0 size 4K shared\nhost write A offset 4K',
      'ok',
      0,
    ],
    [
      'with the direct map whole',
      'linux-7.3 with direct-map keep',
      'fault vcpu 0 read gpa 0x80000000 private\nhost write A offset 4K',
      'oops',
      0,
    ],
    [
      'its own zeroing, with the direct map whole',
      'linux-7.3 with direct-map keep',
      'fault vcpu 0 read gpa 0x80000000 private\nfault vcpu 0 read gpa 0x80001000 private',
      'oops',
      0,
    ],
    [
      'its zeroing at allocation',
      'linux-6.12 with rmp-conversion at-fallocate with direct-map keep',
      'gmem B size 1M\nslot 1 gpa 0x90000000 size 1M gmem B offset 0\nconvert gpa 0x90000000 size 1M private\nallocate B offset 0 size 8K',
      'oops',
      0,
    ],
    [
      "its zeroing of the VMM's memory, with the direct map whole",
      'linux-7.3 with direct-map keep',
      'host read slot 0 offset 0\nhost write slot 0 offset 0',
      'oops',
      0,
    ],
    [
      "its zeroing of a page for the guest's shared memory, with the direct map whole",
      'linux-7.3 with direct-map keep',
      'slot 1 gpa 0x90000000 size 1M\nfault vcpu 0 write gpa 0x90000000 shared',
      'oops',
      0,
    ],
    [
      'what it copies at launch',
      'linux-6.12 with direct-map keep',
      'vm sev-snp\ngmem B size 1M\nslot 0 gpa 0 size 1M gmem B offset 0\nconvert gpa 0 size 1M private\nlaunch-update gpa 0 size 8K',
      'oops',
      0,
    ],
    [
      'the zeroes that it does not copy at launch',
      'linux-6.12 with direct-map keep',
      'vm sev-snp\ngmem B size 1M\nslot 0 gpa 0 size 1M gmem B offset 0\nconvert gpa 0 size 1M private\nlaunch-update gpa 0 size 8K zero',
      'ok',
      0,
    ],
    [
      'a page of a folio handed back splits its 2 MiB',
      'linux-6.12',
      'fault vcpu 0 read gpa 0x80000000 private\npunch A offset 4K size 4K',
      'ok',
      1,
    ],
    [
      'a folio handed back whole splits nothing',
      'linux-6.12',
      'fault vcpu 0 read gpa 0x80000000 private\npunch A offset 0 size 2M',
      'ok',
      0,
    ],
  ])('%s', (_what, kernel, text, result, split) => {
    expect(last(`kernel ${kernel}\n${GUEST}${text}\n`)).toEqual({ result, split });
  });

  it('that is forbidden leaves no lock behind, and the scenario goes on', () => {
    const { state, events } = runText(
      `kernel linux-7.3 with direct-map keep\n${GUEST}fault vcpu 0 read gpa 0x80000000 private\n` +
        'fault vcpu 0 read gpa 0x80001000 private\npunch A offset 0 size 4M\n',
    );
    expect(state.locks).toEqual([]);
    expect(outcomeOf(events.at(-1)!).result).toBe('ok');
  });
});
