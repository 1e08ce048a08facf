import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explored, findings } from '../generators/exploring';
import { racesOf, slotRaces } from '../generators/orders';

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

/** What a search finds; null if it was not finished. */
function foundIn(text: string, options: { readonly full?: boolean } = {}): readonly string[] | null {
  const { complete, found } = explored(text, { ...options, maxStates: 30_000 }).result;
  return complete ? found.map(({ what }) => what) : null;
}

describe('any number of times includes once', () => {
  const PVALIDATE = `kernel linux-7.3 with retry-check off
vm sev-snp
gmem A size 32K
slot 0 gpa 0x80000000 size 8K gmem A offset 0
convert gpa 0x80000000 size 8K private
launch-finish
race {
  task vmm repeats { punch A offset 0 size 8K }
  task guest { pvalidate vcpu 0 gpa 0x80000000 size 4K validate }
}
`;

  test.each([false, true])('so another round is no way out of a livelock (full: %j)', (full) => {
    for (const text of [PVALIDATE, PVALIDATE.replace(' repeats', '')]) {
      const { found } = explored(text, { full }).result;
      expect(found).toContainEqual(expect.objectContaining({ what: 'livelock', detail: 'guest never ends' }));
    }
  });

  const slots = slotRaces.filter((text) => text.includes('vm default'));

  test.each([
    ['an SEV-SNP guest', racesOf('sev-snp', [[1, 1]]), 40],
    ['a VM without encryption', racesOf('sw-protected', [[1, 1]]), 40],
    ['slots that are created and deleted', slots, 8],
  ] as const)('of whatever goes wrong: %s', (_, races, numRuns) => {
    fc.assert(
      fc.property(races, fc.boolean(), fc.nat(1), (text, isOff, task) => {
        const knob = isOff ? ' with retry-check off' : '';
        const once = text.replaceAll(' repeats', '').replace(/^kernel \S+/, (kernel) => kernel + knob);
        const found = foundIn(once);
        const again = foundIn(once.replace(`task t${task} {`, `task t${task} repeats {`));
        fc.pre(found !== null && again !== null);
        expect(again).toEqual(expect.arrayContaining([...found]));
      }),
      { numRuns, seed: 1, endOnFailure: false },
    );
  });
});
