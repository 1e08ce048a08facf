import { describe, expect, test } from 'vitest';
import { explored, raceText } from '../generators/exploring';

const above = (knobs: string) => `kernel linux-7.3 with ${knobs}
vm sev-snp
gmem A size 32K
slot 0 gpa 0x80000000 size 8K gmem A offset 0
convert gpa 0x80000000 size 8K private
launch-finish
`;

const TASKS = [
  ['fault vcpu 0 write gpa 0x80000000 private'],
  ['punch A offset 0 size 8K'],
  ['host write A offset 0'],
];

function detailsOf(text: string): readonly string[] {
  return explored(text).result.found.flatMap((fault) => (fault.what === 'STALE' ? [] : [fault.detail]));
}

describe('what goes wrong with a page of an SEV-SNP guest', () => {
  test('does not tell the number that the search gave its frame', () => {
    expect(detailsOf(raceText(above('rmp-reset at-unmap'), TASKS))).toEqual([
      'host #PF with the RMP bit on a kernel write to a pfn allocated in the race, which belongs to a guest',
      'assigned pages are in a file: pfns allocated in the race',
    ]);
  });

  test('tells the pfn where a step could find it out', () => {
    const [oops] = detailsOf(raceText(above('rmp-reset at-unmap with direct-map keep'), TASKS));
    expect(oops).toMatch(/^host #PF with the RMP bit on a kernel write to pfn 0x20\d, /);
  });
});
