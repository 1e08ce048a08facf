import { describe, expect, it } from 'vitest';
import { pageCount } from '../../../src/simulator/ranges';
import { freedAssigned } from '../../../src/simulator/rmp/freed';
import { runText } from '../running';

const HEAD = `vm sev-snp
gmem A size 4M huge
slot 0 gpa 0x80000000 size 2M gmem A offset 0
slot 1 gpa 0x90000000 size 2M gmem A offset 2M
convert gpa 0x80000000 size 2M private
convert gpa 0x90000000 size 2M private
launch-finish
prefault vcpu 0 gpa 0x80000000 size 8K
prefault vcpu 0 gpa 0x90000000 size 8K
delete slot 1
`;

/** Pages that are the guest's, its registers aside, and those of them that were freed. */
function left(kernel: string, text: string) {
  const { state } = runText(`kernel ${kernel}\n${HEAD}${text}\n`);
  const assigned = pageCount(state.rmp.filter(({ value }) => value.assigned && !value.vmsa));
  return { assigned, freed: freedAssigned(state).reduce((sum, { start, end }) => sum + end - start, 0) };
}

/** On 7.3, two pages of each half are the guest's before; on 6.12, both halves, by one entry of 2M each. */
describe('the RMP is reset', () => {
  it.each([
    ['by a hole where a slot is bound', 'punch A offset 0 size 8K', [2, 0], [1022, 0], [2, 0], [1022, 0]],
    ['by a hole where none is', 'punch A offset 2M size 8K', [2, 0], [1022, 0], [4, 2], [1024, 2]],
    ['by a hole across both', 'punch A offset 0 size 4M', [0, 0], [0, 0], [2, 2], [512, 512]],
    ['by the last close', 'close A', [0, 0], [0, 0], [2, 2], [512, 512]],
    ['but not by a memory error', 'poison A offset 0', [4, 0], [1024, 0], [4, 0], [1024, 0]],
    ['but not by unbinding', 'delete slot 0', [4, 0], [1024, 0], [4, 0], [1024, 0]],
  ])('%s', (_, text, free73, free612, unmap73, unmap612) => {
    const expected = (one: number[]) => ({ assigned: one[0], freed: one[1] });
    expect(left('linux-7.3', text)).toEqual(expected(free73));
    expect(left('linux-6.12', text)).toEqual(expected(free612));
    expect(left('linux-7.3 with rmp-reset at-unmap', text)).toEqual(expected(unmap73));
    expect(left('linux-6.12 with rmp-reset at-unmap', text)).toEqual(expected(unmap612));
  });

  it('page by page, if other calls may run in the middle', () => {
    expect(left('linux-7.3', 'punch A offset 0 size 8K until SI4 as hole')).toEqual({
      assigned: 3,
      freed: 1,
    });
    expect(left('linux-7.3', 'punch A offset 0 size 8K until PH4 as hole')).toEqual({
      assigned: 2,
      freed: 0,
    });
  });
});
