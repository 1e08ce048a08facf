import { describe, expect, test } from 'vitest';
import { explored, findings } from '../generators/exploring';

const PLAIN = `kernel linux-7.3
vm default
slot 0 gpa 0x80000000 size 8K
slot 1 gpa 0x90000000 size 8K
`;

const SNP = `kernel linux-7.3
vm sev-snp
gmem A size 32K
slot 0 gpa 0x80000000 size 8K gmem A offset 0
convert gpa 0x80000000 size 8K private
launch-finish
`;

const PROTECTED = `kernel linux-7.3
vm sw-protected
gmem A size 32K
slot 0 gpa 0x80000000 size 8K gmem A offset 0
slot 1 gpa 0x90000000 size 8K gmem A offset 8K
convert gpa 0x80000000 size 8K private
`;

function endless(above: string, vcpu: string, vmm: readonly string[]): string {
  return `${above}
race {
  task vcpu0 repeats {
    ${vcpu}
  }
  task vmm repeats {
${vmm.map((call) => `    ${call}\n`).join('')}  }
}
`;
}

/** Tasks without an end, and the number of their states. */
const ENDLESS: readonly (readonly [string, string, number])[] = [
  [
    'a slot that is deleted and created beside a fault of another one',
    endless(PROTECTED, 'fault vcpu 0 write gpa 0x80000000', [
      'delete slot 1',
      'slot 1 gpa 0x90000000 size 8K gmem A offset 8K',
    ]),
    1461,
  ],
  [
    'a slot that is deleted and created beside a fault whose root the deletion frees',
    endless(PLAIN, 'fault vcpu 0 write gpa 0x80000000', ['delete slot 1', 'slot 1 gpa 0x90000000 size 8K']),
    3314,
  ],
  [
    'a slot that moves to and fro beside a fault that finds it or MMIO',
    endless(PLAIN, 'fault vcpu 0 write gpa 0x90000000', [
      'move slot 1 gpa 0xa0000000',
      'move slot 1 gpa 0x90000000',
    ]),
    11486,
  ],
  [
    'pages of an SEV-SNP guest that are allocated and freed',
    endless(SNP, 'fault vcpu 0 write gpa 0x80000000 private', ['punch A offset 0 size 8K']),
    1048,
  ],
];

describe('tasks without an end come back to equal states', () => {
  test.each(ENDLESS)('%s', (_, text, states) => {
    const { result } = explored(text);
    expect(result).toMatchObject({ complete: true, found: [], states });
  });

  test('and a call that never ends beside them is found', () => {
    const text = endless(PLAIN, 'prefault vcpu 0 gpa 0x80000000 size 4K', [
      'delete slot 1',
      'slot 1 gpa 0x90000000 size 8K',
    ]);
    const { result } = explored(text);
    expect(result.complete).toBe(true);
    expect(result.found).toMatchObject([{ what: 'livelock', detail: 'vcpu0 and vmm never end' }]);
  });

  test('with and without the reduction', () => {
    const [[, text]] = ENDLESS as [(typeof ENDLESS)[number]];
    const full = explored(text, { full: true });
    expect(full.result.complete).toBe(true);
    expect(findings(explored(text))).toEqual(findings(full));
  });
});
