import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/language';
import { describe as describeOutcome, runScenario } from '../../src/outcome';

/** What a scenario says is stale, or leaked, statement by statement; statements that say nothing are left out. */
function toldOf(text: string): readonly string[] {
  const [program] = analyze(text).programs;
  expect(program.errors).toEqual([]);
  return [...runScenario(program)].flatMap((one) => {
    const { lines } = describeOutcome(one.statement, one.events, one);
    return lines.filter((line) => /STALE|LEAK/.test(line)).map((line) => `${one.statement.line}: ${line}`);
  });
}

const FILE = `vm sw-protected vcpus 3
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
`;

describe.each(['linux-7.3', 'linux-6.12'])('on %s', (kernel) => {
  it.each([
    ['a close that waits, and no statement continues', 'close A until G1 as c1', ''],
    ['a close that waits, and is continued', 'close A until G1 as c1', 'continue c1'],
    ['a close that resumes on its own', 'close A', ''],
    ['a close that is suspended before it zaps', 'close A until I3 as c1', 'continue c1'],
  ])('a mapping that a fault installs before the zap of %s is not stale', (_, close, rest) => {
    const race = `prefault vcpu 2 gpa 0x80001000 size 64K until TM2 as c0\n${close}\ncontinue c0\n${rest}\n`;
    expect(toldOf(`kernel ${kernel}\n${FILE}${race}`)).toEqual([]);
  });

  it('an invalidation that another call is in the middle of is no leak of this one', () => {
    const race = `gmem B size 4M
slot 1 gpa 0x90000000 size 2M gmem B offset 0
convert gpa 0x90000000 size 2M private
prefault vcpu 0 gpa 0x80000000 size 64K
prefault vcpu 1 gpa 0x90000000 size 64K
punch A offset 0x80000 size 4K until PH2 as p
punch A offset 0 size 4K
punch B offset 0 size 4K until PH3 as q
continue p
continue q
`;
    expect(toldOf(`kernel ${kernel}\n${FILE}${race}`)).toEqual([]);
  });
});

const SHIFTED = `kernel linux-7.3 with range-math shifted
vm sw-protected vcpus 2
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 2M
convert gpa 0x80000000 size 2M private
prefault vcpu 0 gpa 0x80000000 size 8K
`;

it('a mapping is stale as soon as no pending call will zap it', () => {
  expect(toldOf(`${SHIFTED}close A until R4 as last\ncontinue last\n`)).toEqual([
    '7: STALE gfn 0x80000..0x80002: still mapped, to pages that no longer back it',
  ]);
});

it('a mapping of a freed page is stale, though a call is suspended that is going to zap it', () => {
  const race = `convert gpa 0x80000000 size 2M shared until T6 as conversion
punch A offset 2M size 4K
continue conversion
`;
  expect(toldOf(SHIFTED + race)).toEqual(['8: STALE gfn 0x80000: still mapped, to pages already freed']);
});

it('a page that is now only that of a file without a slot is not said to be gone', () => {
  const text = `kernel linux-7.3 with unbind-zap off
vm sw-protected
gmem A size 4M
gmem B size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
fault vcpu 0 read gpa 0x80000000
delete slot 0
slot 0 gpa 0x80000000 size 2M gmem B offset 0
fault vcpu 0 read gpa 0x80000000
close A
`;
  expect(toldOf(text)).toEqual(['8: STALE gfn 0x80000: still mapped, though no slot contains it']);
});
