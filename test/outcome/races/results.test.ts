import { describe, expect, it } from 'vitest';
import { analyze, finish } from '../../../src/language';
import { exploredResults, exploreRace, hasRace, resultsText } from '../../../src/outcome';

const explored = (text: string) => {
  const [program] = analyze(text).programs;
  if (!hasRace(program)) throw new Error('no race');
  return exploredResults(finish(exploreRace(program)));
};

describe('exploredResults', () => {
  it('lists what the calls of a race return, each combination once', () => {
    const text = `kernel linux-7.3
vm sw-protected
gmem A size 64K
slot 0 gpa 1M size 64K gmem A offset 0
convert gpa 1M size 64K private
race {
  task a { fault vcpu 0 read gpa 1M }
  task b { close A }
}
`;
    const fault = 'EFAULT {"reason":"memory-fault","private":true,"gpa":"0x100000","size":"0x1000"}';
    expect([...explored(text)].sort()).toEqual([`${fault}; ok`, 'ok; ok']);
  });
});

describe('resultsText', () => {
  it('has the exit and what a prefault left', () => {
    const exit = { reason: 'mmio', gpa: '0x0', write: true } as const;
    const results = [
      { result: 'ok', exit },
      { result: 'EFAULT', left: '0x1000' },
    ];
    expect(resultsText(results)).toBe('ok {"reason":"mmio","gpa":"0x0","write":true}; EFAULT left 0x1000');
  });
});
