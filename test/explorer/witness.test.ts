import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/language';
import { checkScenario, outcomesOf, verdictsOf, witnessText } from '../../src/outcome';
import { explored, raceText } from '../generators/exploring';
import { pairsOn } from './pairs';

/** Runs a scenario, and returns the texts of its expectations that fail. */
function failuresOf(text: string): readonly string[] {
  const { programs, diagnostics } = analyze(text);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  const failed = programs
    .flatMap((program) => [...checkScenario(program)])
    .flatMap((one) => one.failed.map(({ expected, actual }) => `${expected}, but ${actual}`));
  return [...errors, ...failed];
}

const withKnob = (knob: string) => `kernel linux-7.3${knob}
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
`;

describe('an order as a scenario', () => {
  test.each([
    ['retry-check off', [['fault vcpu 0 write gpa 0x80000000'], ['punch A offset 0 size 4K']], 'STALE'],
    [
      'retry-check off',
      [
        ['fault vcpu 0 write gpa 0x80000000', 'fault vcpu 0 write gpa 0x80001000'],
        ['punch A offset 0 size 8K', 'allocate A offset 0 size 4K'],
      ],
      'STALE',
    ],
    ['range-math shifted', [['fault vcpu 0 write gpa 0x80000000'], ['punch A offset 0 size 4K']], null],
  ] as const)('with %s shows what the search found: %j', (knob, tasks, what) => {
    const text = raceText(withKnob(` with ${knob}`), tasks);
    const race = explored(text);
    const wrong = verdictsOf(race).filter(({ holds }) => holds === false);
    if (what === null) expect(wrong).toEqual([]);
    for (const { place, detail } of wrong) {
      const witness = witnessText(text, race, place!);
      expect(failuresOf(witness), witness).toEqual([]);
      if (detail?.startsWith('STALE')) expect(witness).toContain('STALE');
    }
  });

  // Each outcome of each pair of calls, as told by its own scenario.
  test.each(['linux-6.12', 'linux-7.3'])(
    'leads to the outcome for which it is the witness, on %s',
    (kernel) => {
      for (const { name, text } of pairsOn(kernel, 'one slot')) {
        const race = explored(text);
        for (const { place } of outcomesOf(text, race).outcomes) {
          const witness = witnessText(text, race, place);
          expect(failuresOf(witness), `${name}\n${witness}`).toEqual([]);
          expect(witness.split('\n').length, name).toBeLessThan(40);
        }
      }
    },
  );

  test('keeps the constants behind the race', () => {
    const text = raceText(
      withKnob(' with retry-check off'),
      [['fault vcpu 0 write gpa 0x80000000'], ['punch A offset 0 size 4K']],
      'let page = 0x80000000\nfault vcpu 1 read gpa page\n',
    );
    const race = explored(text);
    const [wrong] = verdictsOf(race).filter(({ holds }) => holds === false);
    const witness = witnessText(text, race, wrong!.place!);
    expect(failuresOf(witness), witness).toEqual([]);
    expect(witness).toContain('let page = 0x80000000\nfault vcpu 1 read gpa page');
  });

  test('of a scenario block has what the block shares with others', () => {
    const text = `kernel linux-7.3 with retry-check off
vm sw-protected
scenario "other" {
  gmem B size 64K
}
gmem A size 64K
scenario "race" {
  slot 0 gpa 0x80000000 size 64K gmem A offset 0
  convert gpa 0x80000000 size 64K private
  race {
    task a {
      fault vcpu 0 write gpa 0x80000000
    }
    task b {
      punch A offset 0 size 4K
    }
  }
  fault vcpu 0 read gpa 0x80000000
}
`;
    const race = explored(text);
    const [wrong] = verdictsOf(race).filter(({ holds }) => holds === false);
    expect(witnessText(text, race, wrong!.place!)).toMatchInlineSnapshot(`
      "kernel linux-7.3 with retry-check off
      vm sw-protected

      gmem A size 64K

      slot 0 gpa 0x80000000 size 64K gmem A offset 0
      convert gpa 0x80000000 size 64K private

      fault vcpu 0 write gpa 0x80000000 until TP5 as a => suspended at TP5
      punch A offset 0 size 4K until I7 as b => suspended at I7, freed A page 0x0
      continue a => mapped 4K gfn 0x80000 rwx, STALE gfn 0x80000
      continue b

      fault vcpu 0 read gpa 0x80000000
      "
    `);
  });
});
