import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/language';
import { outcomeOf } from '../../../src/outcome';
import { fileByName } from '../../../src/simulator/model/state-parts';
import { pageCount } from '../../../src/simulator/ranges';
import { entryAt } from '../../../src/simulator/rmp/entry';
import { isRunning, runCall, startCall } from '../../../src/simulator/run';
import { initialState } from '../../../src/simulator/state';
import { stepTask } from '../../../src/simulator/step-task';
import { runText } from '../running';

const HEAD = `vm sev-snp vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 16K private
`;

/** How the last statement ended, and how many pages are the guest's, and in the file. */
function last(text: string) {
  const { state, events } = runText(text);
  const { result, left } = outcomeOf(events.at(-1)!);
  const launched = state.rmp.filter(({ value }) => !value.vmsa);
  const file = fileByName(state, 'A');
  return { result, left, assigned: pageCount(launched), cached: file === null ? 0 : pageCount(file.cache) };
}

/** How often the last statement takes the invalidate lock of a file. */
function holdsOf(text: string): number {
  const { setup, statements } = analyze(text).programs[0];
  const before = statements
    .slice(0, -1)
    .reduce((state, { call }) => runCall(state, 0, call).state, initialState(setup));
  let state = startCall(before, 0, statements.at(-1)!.call);
  let taken = 0;
  while (isRunning(state)) {
    const held = (of: typeof state) => of.locks.some(({ lock }) => lock.kind === 'invalidate_lock');
    const next = stepTask(state).state;
    if (held(next) && !held(state)) taken++;
    state = next;
  }
  return taken;
}

const BOTH = ['linux-6.12', 'linux-7.3'];

describe('LAUNCH_UPDATE', () => {
  it.each(
    [
      ['private pages', BOTH, 'launch-update gpa 0x80000000 size 16K', 'ok', '0x0', 4, 4],
      [
        'up to a shared gfn, whose page stays',
        BOTH,
        'launch-update gpa 0x80000000 size 32K',
        'EIO',
        '0x4000',
        4,
        5,
      ],
      ['a shared gfn, whose page stays', BOTH, 'launch-update gpa 0x80004000 size 4K', 'EIO', '0x1000', 0, 1],
      [
        'a page that was launched',
        BOTH,
        'launch-update gpa 0x80000000 size 4K\nlaunch-update gpa 0x80000000 size 8K',
        'EIO',
        '0x2000',
        1,
        1,
      ],
      [
        'up to a page that was launched',
        BOTH,
        'launch-update gpa 0x80002000 size 4K\nlaunch-update gpa 0x80000000 size 16K',
        'EIO',
        '0x2000',
        3,
        3,
      ],
      [
        'pages that the file has already',
        BOTH,
        'allocate A offset 0 size 16K\nlaunch-update gpa 0x80000000 size 16K',
        'ok',
        '0x0',
        4,
        4,
      ],
      [
        "a page that the RMP has as somebody else's",
        BOTH,
        'allocate A offset 4K size 4K\nrmpupdate A offset 4K size 4K private gpa 0 asid 9\nlaunch-update gpa 0x80000000 size 16K zero',
        'EIO',
        '0x3000',
        2,
        2,
      ],
      ['no slot', BOTH, 'launch-update gpa 0x90000000 size 4K', 'EINVAL', '0x1000', 0, 0],
      [
        'a slot without a file',
        BOTH,
        'slot 1 gpa 0x90000000 size 4K\nlaunch-update gpa 0x90000000 size 4K',
        'EINVAL',
        '0x1000',
        0,
        0,
      ],
      [
        'a slot whose file is closed',
        BOTH,
        'close A\nlaunch-update gpa 0x80000000 size 4K',
        'EIO',
        '0x1000',
        0,
        0,
      ],
      [
        'beyond the slot: its pages are done, then there is no slot',
        BOTH,
        'convert gpa 0x80000000 size 128K private\nlaunch-update gpa 0x80000000 size 128K',
        'EINVAL',
        '0x10000',
        16,
        16,
      ],
      ['half a page', BOTH, 'launch-update gpa 0x80000000 size 6K', 'EINVAL', undefined, 0, 0],
      ['at half a page', BOTH, 'launch-update gpa 0x80000800 size 4K', 'EINVAL', undefined, 0, 0],
      ['nothing, on 6.12', ['linux-6.12'], 'launch-update gpa 0x80000000 size 0', 'ok', '0x0', 0, 0],
      ['nothing, on 7.3', ['linux-7.3'], 'launch-update gpa 0x80000000 size 0', 'EINVAL', undefined, 0, 0],
      [
        'without contents, on 6.12: the page stays',
        ['linux-6.12'],
        'launch-update gpa 0x80000000 size 4K source 0',
        'EIO',
        '0x1000',
        0,
        1,
      ],
      [
        'without contents, on 7.3',
        ['linux-7.3'],
        'launch-update gpa 0x80000000 size 4K source 0',
        'EINVAL',
        undefined,
        0,
        0,
      ],
      [
        'contents that are not aligned, on 6.12',
        ['linux-6.12'],
        'launch-update gpa 0x80000000 size 4K source 0x1001',
        'ok',
        '0x0',
        1,
        1,
      ],
      [
        'contents that are not aligned, on 7.3',
        ['linux-7.3'],
        'launch-update gpa 0x80000000 size 4K source 0x1001',
        'EINVAL',
        undefined,
        0,
        0,
      ],
      [
        'zeroes need no contents',
        BOTH,
        'launch-update gpa 0x80000000 size 4K zero source 0',
        'ok',
        '0x0',
        1,
        1,
      ],
      [
        'after the launch: the firmware refuses, the page stays',
        BOTH,
        'launch-finish\nlaunch-update gpa 0x80000000 size 16K',
        'EIO',
        '0x4000',
        0,
        1,
      ],
      [
        'a VM of another type',
        BOTH,
        'vm default\nlaunch-update gpa 0x80000000 size 4K',
        'EINVAL',
        undefined,
        0,
        0,
      ],
    ].flatMap(([what, kernels, ...rest]) =>
      (kernels as string[]).map(
        (kernel) =>
          [what, kernel, ...rest] as [string, string, string, string, string | undefined, number, number],
      ),
    ),
  )('%s (%s)', (_what, kernel, text, result, left, assigned, cached) => {
    expect(last(`kernel ${kernel}\n${HEAD}${text}\n`)).toEqual({ result, left, assigned, cached });
  });

  it.each([
    ['linux-6.12', 'page-uptodate'],
    ['linux-7.3', 'rmp-assigned'],
  ])('of a page that was launched is refused on %s: %s', (kernel, reason) => {
    const text = `kernel ${kernel}\n${HEAD}launch-update gpa 0x80000000 size 4K\nconvert gpa 0x80000000 size 4K shared\nlaunch-update gpa 0x80000000 size 4K\n`;
    const refused = runText(text)
      .events.at(-1)!
      .filter((event) => event.type === 'refused');
    // On 6.12 the page is looked at first, on 7.3 the attribute.
    expect(refused.map((event) => event.reason)).toEqual([
      kernel === 'linux-6.12' ? reason : 'launch-needs-private',
    ]);
  });

  it.each([
    ['linux-6.12', 1],
    ['linux-7.3', 3],
  ])('on %s takes the invalidate lock %d times, for pages that are not alike', (kernel, holds) => {
    // One of the pages is in the file already.
    const text = `kernel ${kernel}\n${HEAD}allocate A offset 4K size 4K\nlaunch-update gpa 0x80000000 size 16K\n`;
    expect(holdsOf(text)).toBe(holds);
  });
});

describe('LAUNCH_FINISH', () => {
  it('gives the guest the registers of every vCPU, in pages that no 2 MiB begins with', () => {
    const { state } = runText(`${HEAD}launch-finish\n`);
    const pages = state.vms[0]!.vcpus.map(({ vmsa }) => vmsa!);
    expect(new Set(pages).size).toBe(2);
    for (const pfn of pages) {
      expect(pfn % 512).not.toBe(0);
      const { assigned, asid, vmsa, validated, immutable } = entryAt(state.rmp, pfn);
      expect({ assigned, asid, vmsa, validated, immutable }).toEqual({
        assigned: true,
        asid: 1,
        vmsa: true,
        validated: true,
        immutable: false,
      });
    }
  });

  it.each([
    ['twice: sev_es_sync_vmsa() refuses, before any command', 'launch-finish\nlaunch-finish', 'EINVAL'],
    ['of a VM of another type', 'vm default\nlaunch-finish', 'ENOTTY'],
    ['of another VM than the one that is launched', 'launch-finish\nvm sev-snp\nlaunch-finish', 'ok'],
  ])('%s', (_what, text, result) => {
    expect(last(`${HEAD}${text}\n`).result).toBe(result);
  });
});

describe('a VM that is no SEV-SNP guest', () => {
  it.each([
    // Recorded on kernels whose processor has no SEV.
    ['default', 'launch-update gpa 0 size 4K', 'ENOTTY'],
    ['sw-protected', 'launch-finish', 'ENOTTY'],
    // snp_launch_update() and snp_launch_finish() refuse it.
    ['sev-snp', 'vm default\nlaunch-update gpa 0 size 4K', 'EINVAL'],
    ['sev-snp', 'vm default\nlaunch-finish', 'ENOTTY'],
  ])('on a host with a VM of type %s: %s', (type, text, result) => {
    const { events } = runText(`vm ${type}\n${text}\n`);
    expect(outcomeOf(events.at(-1)!).result).toBe(result);
  });
});
