/** Races in the language server: from an edit to the verdict. */
import { TYPING_BUDGET } from '../../src/lsp/background-run/background-run';
import { diagnose } from '../../src/lsp/diagnostics';
import { createDocuments } from '../../src/lsp/documents';
import { TYPING_PAUSE } from '../../src/lsp/synchronise';
import { measure, printWaits, type Task } from './measure';

/** Two calls that race on one page, with the set-up that they need. */
const RACES: Readonly<Record<string, readonly [string, string]>> = {
  'a fault and a hole': ['fault vcpu 0 write gpa 0x80000000', 'punch A offset 0 size 4K'],
  'two faults': ['fault vcpu 0 write gpa 0x80000000', 'fault vcpu 1 write gpa 0x80000000'],
  'a prefault and a deletion': ['prefault vcpu 0 gpa 0x80000000 size 4K', 'delete slot 0'],
  'a fault and a conversion': ['fault vcpu 0 write gpa 0x80000000', 'convert gpa 0x80000000 size 4K shared'],
  'an allocation and a close': ['allocate A offset 0 size 4K', 'close A'],
};

/** Milliseconds, besides the pause. */
const TARGET = 100;

function raceText([first, second]: readonly [string, string], page: number): string {
  return `kernel linux-7.3
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
fault vcpu 1 read gpa 0x8000${page.toString(16)}000
race {
  task a { ${first} }
  task b { ${second} }
} => never STALE
`;
}

/** Types in the set-up of a race, so that every order has to be tried again, and waits for its verdict. */
function verdict(name: string, calls: readonly [string, string]): Task {
  const uri = 'file:///race.gmem';
  const documents = createDocuments(TYPING_BUDGET);
  documents.open(uri, 1, raceText(calls, 1));
  let version = 1;
  return {
    name,
    target: TARGET,
    run: async () => {
      version++;
      const scenario = documents.change(uri, version, [{ text: raceText(calls, version % 16) }]);
      await diagnose(scenario, () => undefined);
      const [race] = scenario.explorations().races;
      if (race?.result?.explored.result.complete !== true) throw new Error(`${name} has no verdict`);
    },
  };
}

export async function benchRaceVerdicts(): Promise<void> {
  printWaits(
    `From an edit to the verdict on a race of two calls, after a pause of ${TYPING_PAUSE} ms`,
    await measure(Object.entries(RACES).map(([name, calls]) => verdict(name, calls))),
  );
}
