/** All pairs of calls that people argue about, on one slot and on two. */
import { raceText } from '../generators/exploring';

/** Calls on the first slot, of the vCPU with that number where they have one. */
const CALLS: Readonly<Record<string, (vcpu: number) => string>> = {
  'fault private': (vcpu) => `fault vcpu ${vcpu} write gpa 0x80000000`,
  'fault shared': (vcpu) => `fault vcpu ${vcpu} write gpa 0x80008000`,
  prefault: (vcpu) => `prefault vcpu ${vcpu} gpa 0x80000000 size 8K`,
  hole: () => 'punch A offset 0 size 8K',
  allocate: () => 'allocate A offset 0 size 8K',
  'convert to private': () => 'convert gpa 0x80008000 size 4K private',
  'convert to shared': () => 'convert gpa 0x80000000 size 4K shared',
  'delete slot': () => 'delete slot 0',
  'create slot': () => 'slot 2 gpa 0x90000000 size 64K gmem A offset 128K',
  close: () => 'close A',
  discard: () => 'discard slot 0 offset 32K size 4K',
  'host write': () => 'host write slot 0 offset 32K',
};

/** On two slots, the first call is on the second slot, which is bound to the same file. */
function onSecondSlot(call: string): string {
  return call
    .replace('gpa 0x8000', 'gpa 0xa000')
    .replace('A offset 0 size', 'A offset 64K size')
    .replace(/slot 0/, 'slot 1')
    .replace('slot 2 gpa 0x90000000', 'slot 3 gpa 0xb0000000')
    .replace('offset 128K', 'offset 192K');
}

/** Calls that a VM without private memory can make. */
const SHARED = ['fault shared', 'prefault', 'delete slot', 'create slot', 'discard', 'host write'];

export interface Pair {
  readonly name: string;
  readonly text: string;
}

/** How the two calls are placed. */
export type Setting = 'one slot' | 'two slots' | 'two slots of a default VM';

export const SETTINGS: readonly Setting[] = ['one slot', 'two slots', 'two slots of a default VM'];

function aboveOf(kernel: string, setting: Setting): string {
  if (setting === 'two slots of a default VM') {
    return `kernel ${kernel}
vm default vcpus 2
slot 0 gpa 0x80000000 size 64K
slot 1 gpa 0xa0000000 size 64K
fault vcpu 0 write gpa 0x80008000
fault vcpu 1 write gpa 0xa0008000
`;
  }
  const second = `slot 1 gpa 0xa0000000 size 64K gmem A offset 64K
convert gpa 0xa0000000 size 32K private
`;
  return `kernel ${kernel}
vm sw-protected vcpus 2
gmem A size 256K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 32K private
${setting === 'one slot' ? '' : second}fault vcpu 0 write gpa 0x80000000
fault vcpu 1 write gpa 0x80008000
`;
}

export function pairsOn(kernel: string, setting: Setting): readonly Pair[] {
  const isShared = setting === 'two slots of a default VM';
  const names = isShared ? SHARED : Object.keys(CALLS);
  const above = aboveOf(kernel, setting);
  const written = (call: string) => (isShared ? call.replace(/ gmem A offset .*/, '') : call);
  return names.flatMap((first, at) =>
    // On two slots, a pair of a call with itself has each on its own slot, and both orders of a pair differ.
    (setting === 'one slot' ? names.slice(at) : names).map((other): Pair => {
      const a = written(CALLS[first]!(0));
      const b = written(CALLS[other]!(1));
      const own = setting === 'one slot' ? a : onSecondSlot(a);
      return { name: `${first} | ${other}`, text: raceText(above, [[own], [b]]) };
    }),
  );
}
