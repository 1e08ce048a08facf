import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../src/outcome';
import { valueAt } from '../../../src/simulator/ranges';
import { entryAt, gfnOf } from '../../../src/simulator/rmp/entry';
import { runText } from '../running';

/** A file of one 2 MiB folio, bound in some way; the guest touches the first gfn of the last slot. */
function touched(kernel: string, slots: string, gpa: string) {
  const { state, events } = runText(
    `kernel ${kernel}\nvm sev-snp\nlaunch-finish\ngmem A size 4M huge\n${slots}\nconvert gpa 0 size 8G private\n` +
      `fault vcpu 0 read gpa ${gpa} private\n`,
  );
  const last = events.at(-1)!;
  const { result, guest } = outcomeOf(last);
  const gfn = Number(BigInt(gpa) / 4096n);
  const page = valueAt(state.files[0]!.cache, 0);
  const entry = entryAt(state.rmp, page?.frame ?? 0);
  const leaf = state.vms[0]!.roots[0]?.leaves.find(({ start, end }) => start <= gfn && gfn < end)?.value;
  return {
    result,
    guest,
    warned: last.some((event) => event.type === 'warn' && event.text.startsWith('WARN_ON: a 2M folio')),
    /** gfn that the RMP has for the first page of the file. */
    first: entry.assigned ? gfnOf(entry, page?.frame ?? 0) : null,
    level: leaf?.level,
  };
}

const MISALIGNED = { guest: undefined, level: 1 };

describe('a folio of 2 MiB on 6.12', () => {
  it.each([
    [
      'in a slot that is aligned as it is: one entry, one mapping',
      'slot 0 gpa 0x80000000 size 4M gmem A offset 0',
      '0x80000000',
      { result: 'ok', guest: '#VC', warned: false, first: 0x80000, level: 2 },
    ],
    [
      'in a slot at a gfn that is not: rounded down, and smashed for nothing',
      'slot 0 gpa 0x80001000 size 4M gmem A offset 0',
      '0x80001000',
      { ...MISALIGNED, result: 'livelock', warned: false, first: 0x80000 },
    ],
    [
      'in a slot that ends in the middle of it: smashed, as the mapping is of 4K',
      'slot 0 gpa 0x80000000 size 1M gmem A offset 0',
      '0x80000000',
      { result: 'ok', guest: '#VC', warned: false, first: 0x80000, level: 1 },
    ],
    [
      "in a slot bound in the middle of it: a warning, and gfns that are not the slot's",
      'slot 0 gpa 0x80000000 size 1M gmem A offset 1M',
      '0x80000000',
      { ...MISALIGNED, result: 'livelock', warned: true, first: 0x7fe00 },
    ],
    [
      'in a slot bound in the middle of it, at gfns that go with that: right all the same',
      'slot 0 gpa 0x80100000 size 1M gmem A offset 1M',
      '0x80100000',
      { result: 'ok', guest: '#VC', warned: true, first: 0x80000, level: 1 },
    ],
    [
      'in two slots, the one with its end touched',
      'slot 0 gpa 0x80000000 size 1M gmem A offset 0\nslot 1 gpa 0x90000000 size 1M gmem A offset 1M',
      '0x90000000',
      { ...MISALIGNED, result: 'livelock', warned: true, first: 0x8fe00 },
    ],
    [
      'that would begin below the first gfn: RMPUPDATE fails, and so does get_pfn',
      'slot 0 gpa 0 size 1M gmem A offset 1M',
      '0',
      { result: 'EINVAL', guest: undefined, warned: true, first: null, level: undefined },
    ],
  ])('%s', (_what, slots, gpa, expected) => {
    expect(touched('linux-6.12', slots, gpa)).toEqual(expected);
  });
});

describe('a folio of 2 MiB on 7.3 is made private page by page', () => {
  it.each([
    ['aligned', 'slot 0 gpa 0x80000000 size 4M gmem A offset 0', '0x80000000', 0x80000],
    ['bound in the middle of it', 'slot 0 gpa 0x80000000 size 1M gmem A offset 1M', '0x80000000', null],
  ])('%s', (_what, slots, gpa, first) => {
    const found = touched('linux-7.3', slots, gpa);
    expect(found).toEqual({ result: 'ok', guest: '#VC', warned: false, first, level: 1 });
  });
});

it('a folio of which LAUNCH_UPDATE filled a page is prepared page by page', () => {
  const { state } = runText(`kernel linux-6.12
vm sev-snp
gmem A size 2M huge
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
launch-update gpa 0x80001000 size 4K
launch-finish
fault vcpu 0 read gpa 0x80000000 private
`);
  const pages = state.rmp.filter(({ value }) => !value.vmsa);
  expect(pages.map(({ start, end, value }) => [end - start, value.pageSize, value.validated])).toEqual([
    [1, 1, false],
    [1, 1, true],
  ]);
});
