import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/language';
import { describeOutcome, runScenario } from '../../src/outcome';

/** Two guests with a slot of the same id at different gfns, and the scenario back at the first. */
const TWO_VMS = `vm sw-protected
gmem A size 2M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
vm sw-protected
gmem B size 2M
slot 0 gpa 0x90000000 size 2M gmem B offset 0
convert gpa 0x90000000 size 2M private
fault vcpu 0 write gpa 0x90000000
switch vm 0
`;

function last(text: string) {
  return [...runScenario(analyze(text).programs[0])].at(-1)!;
}

describe('a call on the file of another VM', () => {
  it.each(['punch B offset 0 size 2M', 'close B'])('%s takes from that VM, inside its slot', (statement) => {
    const executed = last(`${TWO_VMS}${statement}\n`);
    const { text, tone, lost } = describeOutcome(executed.statement, executed.events, executed);
    expect(text).toContain('zapped slot 0 gfn 0x90000 ·');
    expect(tone).toBe('zapped');
    expect(lost).toEqual([{ vmId: 1, slot: 0, text: 'lost gfn 0x90000' }]);
  });
});

describe('the VM that a call affects', () => {
  it.each([
    ['the one that the scenario is at', 'convert gpa 0x80000000 size 4K private', 0],
    ['that of the file', 'punch B offset 0 size 4K', 1],
    ['the one it makes', 'vm default', 2],
    ['the one it goes to', 'switch vm 1', 1],
    ['the one that a new file is for, whatever had its name', 'gmem B size 4K', 0],
    ['the one that the scenario is at, where the descriptor is bad', 'close B\npunch B offset 0 size 4K', 0],
  ])('is %s', (_, statement, vmId) => {
    expect(last(`${TWO_VMS}${statement}\n`).vmId).toBe(vmId);
  });
});
