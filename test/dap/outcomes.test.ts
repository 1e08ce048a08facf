import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type LineOutcome,
  OUTCOMES_EVENT,
  outcomesAfter,
  outcomesAt,
  outcomesChange,
} from '../../src/dap/outcomes';
import { loadScenario } from '../../src/dap/scenario';
import { examples } from '../figures/figures';
import { TestClient } from './client';
import { HOLE, manyFaults, PUNCH, REFUSED } from './scenarios';

async function beforePunch(): Promise<TestClient> {
  const client = new TestClient();
  await client.start(HOLE);
  while ((await client.stack())[0]!.line < PUNCH) await client.move('next');
  return client;
}

/** `line: text` of each outcome of a kind, lines from 1. */
function shown(client: TestClient, kind: string): readonly string[] {
  return client
    .outcomes()
    .outcomes.filter((outcome) => outcome.kind === kind)
    .map(({ line0, text }) => `${line0 + 1}: ${text}`);
}

describe('outcomes in the editor', () => {
  it('are none before the first statement, and go by the URI of the file', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    expect(client.outcomes()).toEqual({ uri: 'file:///scenarios/test.gmem', run: 1, outcomes: [] });
  });

  it('stand on the line of each statement that was executed, and on those of the slots that lost', async () => {
    const client = await beforePunch();
    await client.move('next');
    expect(shown(client, 'statement').at(-1)).toContain('12: zapped slot 0 gfn 0x801ff · slot 1');
    expect(shown(client, 'statement').length).toBe(8);
    expect(shown(client, 'slot')).toEqual(['5: lost gfn 0x801ff', '6: lost gfn 0x90000..0x90002']);
    const [slot] = client.outcomes().outcomes.filter(({ kind }) => kind === 'slot');
    expect(slot!.hover).toBe('Slot 0 lost gfn 0x801ff, by `punch A offset 0x1ff000 size 12K` (line 12).');
  });

  it('are taken away again by a step back, with what the slots lost', async () => {
    const client = await beforePunch();
    const before = client.outcomes();
    await client.move('next');
    await client.move('stepBack');
    expect(client.outcomes()).toEqual(before);
    expect(shown(client, 'slot')).toEqual([]);
    await client.move('reverseContinue');
    expect(client.outcomes().outcomes).toEqual([]);
  });

  it('show what a statement in progress did so far', async () => {
    const client = await beforePunch();
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_unmap_gfn_range' }] });
    await client.move('continue');
    expect(shown(client, 'statement').length).toBe(7);
    await client.move('stepOut');
    expect(shown(client, 'statement').at(-1)).toBe('12: zapped slot 0 gfn 0x801ff');
    expect(shown(client, 'slot')).toEqual(['5: lost gfn 0x801ff']);
    await client.move('stepBack');
    expect(shown(client, 'slot')).toEqual([]);
  });

  it('leave the slots once the next statement is done', async () => {
    const client = await beforePunch();
    await client.move('next');
    await client.move('next');
    expect(shown(client, 'slot')).toEqual([]);
  });

  it('mark failed statements, and pass over a slot statement that failed', async () => {
    const client = new TestClient();
    await client.start(`vm sw-protected
gmem A size 64K
slot 0 gpa 0x10000000 size 32K gmem A offset 0
slot 0 gpa 0x10000000 size 16K
convert gpa 0x10000000 size 32K private
prefault vcpu 0 gpa 0x10000000 size 4K
punch A offset 0 size 4K
`);
    for (let k = 0; k < 6; k++) await client.move('next');
    const failed = client.outcomes().outcomes.filter(({ tone }) => tone === 'failed');
    expect(failed.map(({ line0 }) => line0 + 1)).toEqual([4]);
    expect(shown(client, 'slot')).toEqual(['3: lost gfn 0x10000']);
  });

  it('stand on the line of the slot of the VM that lost, where two VMs have one of the same number', async () => {
    const client = new TestClient();
    await client.start(`vm sw-protected
gmem A size 64K
slot 0 gpa 0x10000000 size 32K gmem A offset 0
convert gpa 0x10000000 size 32K private
prefault vcpu 0 gpa 0x10000000 size 4K
vm sw-protected
slot 0 gpa 0x20000000 size 16K
punch A offset 0 size 4K
`);
    for (let k = 0; k < 7; k++) await client.move('next');
    expect(shown(client, 'slot')).toEqual(['3: lost gfn 0x10000']);
  });

  it('know a slot by what its statement did, also where something else was expected of it', async () => {
    const client = new TestClient();
    await client.start(`vm sw-protected
gmem A size 64K
slot 0 gpa 0x10000000 size 32K gmem A offset 0 => EINVAL
convert gpa 0x10000000 size 32K private
prefault vcpu 0 gpa 0x10000000 size 4K
punch A offset 0 size 4K
`);
    await client.request('setExceptionBreakpoints', { filters: [] });
    for (let k = 0; k < 5; k++) await client.move('next');
    expect(shown(client, 'slot')).toEqual(['3: lost gfn 0x10000']);
  });
});

describe('the event', () => {
  it('tells only what is new, and all of it after a restart', async () => {
    const client = new TestClient();
    await client.start(manyFaults(20));
    for (let k = 0; k < 20; k++) await client.move('next');
    const sent = client.events(OUTCOMES_EVENT).map(({ body }) => [body.keep, body.outcomes.length]);
    expect(sent).toEqual([[0, 0], ...Array.from({ length: 20 }, (_, at) => [at, 1])]);
    const before = client.outcomes().outcomes;
    await client.move('stepBack');
    expect(client.events(OUTCOMES_EVENT).at(-1)!.body).toMatchObject({ keep: 19, outcomes: [] });
    expect(client.outcomes().outcomes).toEqual(before.slice(0, -1));
    await client.move('restart', {});
    expect(client.events(OUTCOMES_EVENT).at(-1)!.body).toMatchObject({ run: 2, keep: 0, outcomes: [] });
  });

  it.each(['close-and-rebind', 'sev-snp/psmash', 'races/fault-and-hole', 'races/notifier-and-new-slot'])(
    'do not depend on which moments of %s were shown before',
    (example) => {
      const text = readFileSync(path.join(examples, `${example}.gmem`), 'utf8');
      const shownAll = loadScenario('/test.gmem', text);
      const { timeline } = shownAll;
      const all = [outcomesAt(shownAll, timeline.current)];
      while (!timeline.atEnd()) all.push(outcomesAt(shownAll, timeline.forward()));
      for (let tick = 0; tick < all.length; tick += 7) {
        const shownOnce = loadScenario('/test.gmem', text);
        while (shownOnce.timeline.current.tick < tick) shownOnce.timeline.forward();
        expect(all[tick]).toEqual(outcomesAt(shownOnce, shownOnce.timeline.current));
      }
    },
  );

  const outcome = (text: string): LineOutcome => {
    return { line0: 0, text, hover: text, tone: 'done', kind: 'statement' };
  };

  it.each([
    ['', '', 0],
    ['', 'ab', 0],
    ['ab', 'abc', 2],
    ['abc', 'abd', 2],
    ['abc', 'ab', 2],
    ['abc', 'xbc', 0],
    ['abc', 'abc', 3],
  ])('leads from %j to %j', (before, after, keep) => {
    const [from, to] = [[...before].map(outcome), [...after].map(outcome)];
    const change = outcomesChange(from, to);
    expect(change.keep).toBe(keep);
    expect(outcomesAfter(from, change)).toEqual(to);
  });
});

const AHEAD = `kernel linux-7.3
vm sw-protected
slot 0 gpa 0x80000000 size 1M
prefault vcpu 0 gpa 0x80000000 size 8K until PF4f as ahead
delete slot 0
continue ahead => EAGAIN, left 0x2000
`;

describe('the outcome of a call that waited and returned last', () => {
  it('is its final one, also at the end', async () => {
    const client = new TestClient();
    await client.start(AHEAD);
    await client.nextToLine(6);
    expect(shown(client, 'statement').at(-1)).toBe('5: waits for the SRCU readers, including ahead');
    await client.move('next');
    await client.move('stepOut');
    expect(shown(client, 'statement').slice(2)).toEqual([
      '5: waited for the SRCU readers · slot 0 deleted',
      '6: EAGAIN, 0x2000 bytes left',
    ]);
  });

  it('is shown if tasks of a race left it in the middle', async () => {
    const client = new TestClient();
    await client.start(`kernel linux-7.3
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
race {
  task a { fault vcpu 0 write gpa 0x80000000 }
  task b { punch A offset 0 size 4K }
}
`);
    await client.nextToLine(7);
    for (const threadId of [1_000_001, 1_000_002]) {
      for (let step = 0; step < 3; step++) await client.move('stepIn', { threadId });
    }
    await client.move('continue', { threadId: 1_000_002 });
    expect(shown(client, 'statement').slice(3)).toEqual([
      '7: mapped 4K gfn 0x80000 rwx · allocated A page 0x0',
      '8: no page to free, no mapping to zap',
    ]);
  });

  it('is printed once by a run', async () => {
    const client = new TestClient();
    await client.start(AHEAD);
    await client.move('continue');
    const lines = client.events('output').map(({ body }) => body.line);
    expect(lines).toEqual([3, 4, 6, 5]);
  });
});

describe('the console', () => {
  it('gets one line for each statement, with its source, in the order of execution', async () => {
    const client = new TestClient();
    await client.start(REFUSED);
    await client.move('continue');
    const output = client.events('output').map(({ body }) => body);
    expect(output.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
    expect(output.map(({ category }) => category)).toEqual(['stdout', 'stdout', 'stderr', 'stdout']);
    expect(output[2].output).toBe(
      'slot 1 gpa 0x11000000 size 32K gmem A offset 16K: ' +
        'EEXIST: the range of A overlaps the binding of slot 0\n',
    );
    expect(output[0].source).toEqual({ name: 'test.gmem', path: '/scenarios/test.gmem' });
  });

  it('says nothing twice when statements run again', async () => {
    const client = await beforePunch();
    const count = client.events('output').length;
    await client.move('stepBack');
    await client.move('next');
    expect(client.events('output').length).toBe(count);
  });
});
