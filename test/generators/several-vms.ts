import fc from 'fast-check';
import { type ScenarioOptions, scenarios } from './scenarios';

/** Scenarios with two or three VMs of one host, whose statements take turns; now and then one tries to launch a VM. */

/** Out of which the next line is made. */
interface Turn {
  readonly vm: number;
  /** Statements until the next turn. */
  readonly length: number;
  /** Out of 8; the highest binds a file of another VM, the next launches. */
  readonly trouble: number;
}

const turn: fc.Arbitrary<Turn> = fc.record({
  vm: fc.nat(2),
  length: fc.integer({ min: 1, max: 6 }),
  trouble: fc.nat(7),
});

const LAUNCHES = [
  'launch-finish',
  'launch-update gpa 0x80000000 size 64K zero',
  'launch-update gpa 0x80000001 size 64K',
  'launch-update gpa 0x80000000 size 0 source 0',
];

/** The statements of a scenario of its own, with names of files that no other VM has. */
function ofVm(text: string, vm: number): { readonly head: string; readonly statements: string[] } {
  const [, head = '', ...statements] = text.trimEnd().split('\n');
  const names = ['ABC', 'DEF', 'GHI'][vm] ?? '';
  const renamed = statements.map((line) =>
    line.replace(/\b(gmem|close|punch|allocate|truncate|poison) ([ABC])\b/g, (_, word, name) => {
      return `${word} ${names['ABC'.indexOf(name)]}`;
    }),
  );
  return { head, statements: renamed };
}

function interleaved(texts: readonly string[], turns: readonly Turn[]): string {
  const vms = texts.map(ofVm);
  const lines = [texts[0]?.split('\n')[0] ?? ''];
  let created = 0;
  let current = -1;
  for (const { vm, length, trouble } of turns) {
    // VMs are numbered in the order of their creation.
    const next = Math.min(vm % vms.length, created);
    const { head, statements } = vms[next]!;
    if (next === created) {
      lines.push(head);
      created++;
    } else if (next !== current) {
      lines.push(`switch vm ${next}`);
    }
    current = next;
    if (trouble === 6) lines.push(LAUNCHES[length % LAUNCHES.length]!);
    for (const line of statements.splice(0, length))
      lines.push(trouble === 7 ? line.replace(/^(slot .* gmem) [D-I] /, '$1 A ') : line);
  }
  return `${lines.join('\n')}\n`;
}

/** Texts of scenarios; some bind a file that has been closed. */
export function severalVms(options: ScenarioOptions): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.array(scenarios({ ...options, minStatements: 10, maxStatements: 25 }), {
        minLength: 2,
        maxLength: 3,
      }),
      fc.array(turn, { minLength: 12, maxLength: 24, size: 'max' }),
    )
    .map(([texts, turns]) => interleaved(texts, turns));
}
