import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadEvent } from '../../src/simulator/events';
import { violations } from '../../src/simulator/invariants';
import { runText } from './running';

const PRIVATE = `vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
`;
const SHARED = 'vm default\nslot 0 gpa 0x80000000 size 4M\n';
const SNP = `vm sev-snp
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
`;
const TDX = `vm tdx
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
accept vcpu 0 gpa 0x80000000 size 4K
`;

const WRITE = 'fault vcpu 0 write gpa 0x80000000 value 0x12345678\n';
const READ = 'fault vcpu 0 read gpa 0x80000000\n';

/** What each read of a scenario finds. */
function readsOf(text: string): readonly ReadEvent['value'][] {
  const { state, events } = runText(text);
  expect(violations(state)).toEqual([]);
  return events.flat().flatMap((event) => (event.type === 'read' ? [event.value] : []));
}

describe('what a read finds', () => {
  it.each([
    ['what was written', PRIVATE + WRITE + READ, [0x12345678]],
    ['zeroes in a page that nobody wrote', PRIVATE + READ, [0]],
    ['the lowest byte first', `${PRIVATE}${WRITE}fault vcpu 0 read gpa 0x80000002\n`, [0x1234]],
    [
      'the later of two writes, where they meet',
      `${PRIVATE}${WRITE}fault vcpu 0 write gpa 0x80000002 value 0xaabbccdd\n${READ}`,
      [0xccdd5678],
    ],
    [
      'what was there, after a write of nothing said',
      `${PRIVATE}${WRITE}fault vcpu 0 write gpa 0x80000000\n${READ}`,
      [0x12345678],
    ],
    ['zeroes after a hole', `${PRIVATE}${WRITE}punch A offset 0 size 4K\n${READ}`, [0]],
    ['what lies beside a hole', `${PRIVATE}${WRITE}punch A offset 4K size 1M\n${READ}`, [0x12345678]],
    [
      'other memory after a conversion',
      `${PRIVATE}${WRITE}convert gpa 0x80000000 size 4K shared\n${READ}`,
      [0],
    ],
    [
      'the file again after a conversion back',
      `${PRIVATE}${WRITE}convert gpa 0x80000000 size 4K shared\n${READ}convert gpa 0x80000000 size 4K private\n${READ}`,
      [0, 0x12345678],
    ],
    [
      'the file at another place',
      `${PRIVATE}${WRITE}delete slot 0\nslot 1 gpa 0x80000000 size 2M gmem A offset 0\n${READ}`,
      [0x12345678],
    ],
    [
      'all but a byte, beside a hole that ends a byte too late',
      `kernel linux-7.3 with punch-truncate byte-beyond with partial-truncate zeroed\n${PRIVATE}${WRITE}fault vcpu 0 write gpa 0x80001000 value 0x1234\npunch A offset 0 size 4K\nfault vcpu 0 read gpa 0x80001000\n`,
      [0x1200],
    ],
    ['what the VMM wrote', `${SHARED}host write slot 0 offset 0 value 0x55\n${READ}`, [0x55]],
    ['by the VMM, what the guest wrote', `${SHARED}${WRITE}host read slot 0 offset 0\n`, [0x12345678]],
    [
      'by the VMM, no further than the page',
      `${SHARED}fault vcpu 0 write gpa 0x80000ffc value 0xaabbccdd\nhost read slot 0 offset 4095\n`,
      [0xaa],
    ],
    ['zeroes after MADV_DONTNEED', `${SHARED}${WRITE}discard slot 0 offset 0 size 4K\n${READ}`, [0]],
    [
      'zeroes in the memory of a slot that comes anew',
      `${SHARED}${WRITE}delete slot 0\nslot 0 gpa 0x80000000 size 4M\n${READ}`,
      [0],
    ],
    [
      'what the host wrote into a page of the file that was zeroed before',
      `${PRIVATE}${READ}host write A offset 0 value 7\n${READ}`,
      [0, 7],
    ],
    [
      'zeroes where the host wrote before the kernel zeroed the page',
      `${PRIVATE}allocate A offset 0 size 4K\nhost write A offset 0 value 7\n${READ}`,
      [0],
    ],
  ])('%s', (_, text, reads) => {
    expect(readsOf(text)).toEqual(reads);
  });

  it.each([
    [
      'zeroes that the firmware put there',
      `${SNP}launch-update gpa 0x80000000 size 4K zero\nlaunch-finish\nfault vcpu 0 read gpa 0x80000000 private\n`,
      [0],
    ],
    [
      'contents of the launch, which nobody told',
      `${SNP}launch-update gpa 0x80000000 size 4K\nlaunch-finish\nfault vcpu 0 read gpa 0x80000000 private\n`,
      ['given'],
    ],
    [
      'ciphertext in a page that the host zeroed',
      `${SNP}launch-finish\npvalidate vcpu 0 gpa 0x80000000 size 4K validate\nfault vcpu 0 read gpa 0x80000000 private\n`,
      ['ciphertext'],
    ],
    [
      'ciphertext without the C-bit',
      `${SNP}launch-update gpa 0x80000000 size 4K zero\nlaunch-finish\nfault vcpu 0 write gpa 0x80000000 private value 1\nfault vcpu 0 read gpa 0x80000000 private\nfault vcpu 0 read gpa 0x80000000 shared\n`,
      [1, 'ciphertext'],
    ],
    ['zeroes in a page that a TDX guest accepted', TDX + READ, [0]],
    [
      'zeroes in a page that it lost, and accepted again',
      `${TDX}${WRITE}punch A offset 0 size 4K\naccept vcpu 0 gpa 0x80000000 size 4K\n${READ}`,
      [0],
    ],
  ])('of a guest with a key: %s', (_, text, reads) => {
    expect(readsOf(text)).toEqual(reads);
  });

  it('is no saying, through a mapping that a hole left behind', () => {
    const kernel = 'kernel rfc-2023-05\nvm sw-protected\ngmem A size 4M\n';
    const slot = 'slot 0 gpa 0x80000000 size 2M gmem A offset 2M\nconvert gpa 0x80000000 size 2M private\n';
    const { events } = runText(`${kernel}${slot}${WRITE}punch A offset 2M size 4K\n${READ}`);
    expect(events.at(-1)).toContainEqual(expect.objectContaining({ type: 'read', value: 'freed' }));
  });

  it('does not depend on how much memory there is', () => {
    const { state } = runText(
      'kernel linux-7.3 with phys-bits bits-48\nvm sw-protected\ngmem A size 4T\nslot 0 gpa 1T size 4T gmem A offset 0\n' +
        'convert gpa 1T size 4T private\nprefault vcpu 0 gpa 1T size 4T\n' +
        'fault vcpu 0 write gpa 2T value 1\npunch A offset 0 size 4T\n',
    );
    expect(state.contents.length).toBe(1);
    expect(state.freed.length).toBe(1);
  });
});

/** Memory as one would write it down: the bytes of a file, by offset. */
type Bytes = Map<number, number>;

const PAGES = 4;
const op = fc.oneof(
  fc.record({ do: fc.constant('write' as const), at: fc.nat(PAGES * 4096 - 1), value: fc.nat(0xffff_ffff) }),
  fc.record({ do: fc.constant('read' as const), at: fc.nat(PAGES * 4096 - 1) }),
  fc.record({ do: fc.constant('punch' as const), page: fc.nat(PAGES - 1) }),
  fc.record({ do: fc.constant('rebind' as const) }),
);

/** An access of four bytes lies in one page. */
const inPage = (at: number) => Math.min(at, at - (at % 4096) + 4092);
const hex = (value: number) => `0x${value.toString(16)}`;

it('a read gives what was last written to the page since it was allocated', () => {
  fc.assert(
    fc.property(fc.array(op, { maxLength: 25 }), (ops) => {
      const bytes: Bytes = new Map();
      const expected: number[] = [];
      const lines = ops.flatMap((one): readonly string[] => {
        switch (one.do) {
          case 'write': {
            const at = inPage(one.at);
            for (let byte = 0; byte < 4; byte++) bytes.set(at + byte, (one.value >>> (8 * byte)) & 0xff);
            return [`fault vcpu 0 write gpa ${hex(0x80000000 + at)} value ${one.value}`];
          }
          case 'read': {
            const at = inPage(one.at);
            expected.push([3, 2, 1, 0].reduce((sum, byte) => sum * 256 + (bytes.get(at + byte) ?? 0), 0));
            return [`fault vcpu 0 read gpa ${hex(0x80000000 + at)}`];
          }
          case 'punch':
            for (let at = 0; at < 4096; at++) bytes.delete(one.page * 4096 + at);
            return [`punch A offset ${one.page * 4096} size 4K`];
          default:
            return ['delete slot 0', 'slot 0 gpa 0x80000000 size 2M gmem A offset 0'];
        }
      });
      expect(readsOf(`${PRIVATE}${lines.join('\n')}\n`)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});
