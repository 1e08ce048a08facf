import { describe, expect, it } from 'vitest';
import { encodeRace, unforcedStatements } from '../../../kernel/races/encode';
import { analyze } from '../../../src/language';

const SETUP =
  'kernel linux-6.12\nvm sw-protected vcpus 2\ngmem A size 64K\nslot 0 gpa 1M size 64K gmem A offset 0\n';
const programOf = (text: string) => analyze(SETUP + text).programs[0];
/** The lines after the two statements of the setup. */
const encode = (text: string) => encodeRace(7, programOf(text)).trimEnd().split('\n').slice(3, -1);

describe('encodeRace', () => {
  it('numbers the calls, and says how the simulator ends each statement', () => {
    const text =
      'fault vcpu 0 read gpa 1M until TP5 as early\npunch A offset 0 size 4K\ncontinue early until TP8\n';
    expect(encode(text)).toEqual([
      'start 2 1 TP5 p fault 0 0 1048576',
      'start 3 0 - r punch 0 0 4096',
      'continue 2 1 TP8 p',
    ]);
  });

  it('starts with the VM, and ends', () => {
    const lines = encodeRace(7, programOf('delete slot 0\n')).trimEnd().split('\n');
    expect([lines[0], lines.at(-1)]).toEqual(['race 7 1 2', 'end']);
  });

  it('says when a call that waited resumes by itself', () => {
    const text = 'fault vcpu 0 read gpa 1M until FA1 as early\ndelete slot 0\ncontinue early\n';
    expect(encode(text)).toEqual([
      'start 2 1 FA1 p fault 0 0 1048576',
      'start 3 0 - b delete 0',
      'continue 2 1 - r',
      'resume 3 0 - r',
    ]);
  });

  it('knows calls that go round', () => {
    const text =
      'convert gpa 1M size 64K private\npunch A offset 0 size 4K until PH3 as hole\nfault vcpu 0 read gpa 1M as late\n';
    expect(encode(text).at(-1)).toBe('start 4 1 - g fault 0 0 1048576');
  });

  it('makes a zap give up mmu_lock only where the scenario needs it', () => {
    const text =
      'convert gpa 1M size 64K private\nprefault vcpu 0 gpa 1M size 8K\npunch A offset 0 size 8K until UZ3 as hole\n';
    expect(encode(text).at(-1)).toBe('start 4 3 UZ3 p punch 0 0 8192');
  });

  it('knows that a label has a point in one kernel only', () => {
    const until = 'prefault vcpu 0 gpa 1M size 4K until PF4v as ahead\n';
    expect(unforcedStatements(programOf(until))).toHaveLength(1);
    const other = analyze(SETUP.replace('6.12', '7.3') + until).programs[0];
    expect(unforcedStatements(other)).toEqual([]);
  });

  it('throws for a label without a point', () => {
    const program = programOf('delete slot 0 until SW2w as gone\n');
    expect(unforcedStatements(program).map(({ why }) => why)).toEqual([
      "`until SW2w`: this label has no place in the kernel's source",
    ]);
    expect(() => encodeRace(0, program)).toThrow('line 5: `until SW2w`');
  });
});
