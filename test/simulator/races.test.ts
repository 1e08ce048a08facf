import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/language';
import { describeOutcome, outcomeOf, runScenario } from '../../src/outcome';
import { violations } from '../../src/simulator/invariants';
import { kernelOf } from '../../src/simulator/kernel';
import { lockName } from '../../src/simulator/lock';
import { PROCEDURES } from '../../src/simulator/procedures';
import { PROFILES } from '../../src/simulator/profiles';
import { advance, begin, isOver, type Order, type Run, resume } from '../../src/simulator/run';
import { stateOf } from '../../src/simulator/schedule';
import { initialState, type State } from '../../src/simulator/state';

/** A VM with two vCPUs, private memory in a file, and shared memory. */
const SETUP = `vm sw-protected vcpus 2
gmem A size 1M
slot 0 gpa 0x80000000 size 1M gmem A offset 0
slot 1 gpa 0x90000000 size 1M
convert gpa 0x80000000 size 1M private
`;

const SETUP_LINES = SETUP.split('\n').length - 1;

/** What each statement does, with its line in `text`; they come in the order in which they are known. */
function told(text: string, kernel = 'linux-7.3'): string[] {
  const [program] = analyze(`${SETUP}${text}`).programs;
  expect(program.errors).toEqual([]);
  const setup = { ...program.setup, kernel };
  return [...runScenario({ ...program, setup })].flatMap((executed) => {
    const { statement, events } = executed;
    const line = statement.line - SETUP_LINES;
    const { text: outcome } = describeOutcome(statement, events, executed);
    return line > 0 ? [`${line} ${outcome}`] : [];
  });
}

function lastState(text: string): State {
  return stateOf([...runScenario(analyze(`${SETUP}${text}`).programs[0])].at(-1)!.next);
}

describe('calls that are suspended', () => {
  it('go on where the scenario says so', () => {
    expect(
      told(`fault vcpu 0 read gpa 0x80000000 until FA9g as early
        continue early until TP7
        continue early`),
    ).toEqual([
      '1 suspended before FA9g · allocated A page 0x0',
      '2 suspended before TP7',
      '3 mapped 4K gfn 0x80000 rwx',
    ]);
  });

  it('fault once more where their page went meanwhile', () => {
    expect(
      told(`host write slot 1 offset 0 until HA2 as writes
        discard slot 1 offset 0 size 4K
        host read slot 1 offset 0
        continue writes`),
    ).toEqual([
      '1 suspended before HA2 · slot 1 memory page 0x0: own pages',
      '2 slot 1 memory page 0x0: gone',
      '3 slot 1 memory page 0x0: zero page',
      '4 slot 1 memory page 0x0: own pages',
    ]);
  });

  it('take each page as it is when they come to it', () => {
    expect(
      told(`prefault vcpu 0 gpa 0x80000000 size 8K until TP2 as ahead
        convert gpa 0x80001000 size 4K shared
        continue ahead`),
    ).toEqual([
      '1 suspended before TP2',
      '2 shared gfn 0x80001',
      '3 mapped 4K gfn 0x80000 rwx · mapped 4K gfn 0x80001 r-x · allocated A page 0x0',
    ]);
    expect(
      violations(
        lastState(
          'prefault vcpu 0 gpa 0x80000000 size 8K until TP2 as ahead\nconvert gpa 0x80001000 size 4K shared\ncontinue ahead',
        ),
      ),
    ).toEqual([]);
  });

  it('at the first step too, and at each arrival', () => {
    expect(
      told(`prefault vcpu 0 gpa 0x80000000 size 8K until PF2 as ahead
        continue ahead until PF4f
        continue ahead until PF4f
        continue ahead until PF4f`),
    ).toEqual([
      '1 suspended before PF2',
      '2 suspended before PF4f',
      '3 suspended before PF4f · mapped 4K gfn 0x80000 rwx · allocated A page 0x0',
      '4 does not reach PF4f · mapped 4K gfn 0x80001 rwx · allocated A page 0x1',
    ]);
  });

  it('are not there any more once they have returned', () => {
    expect(told('close A as last\ncontinue last').at(-1)).toBe(
      '2 has already returned: there is no call to resume',
    );
  });

  it('go on for the VM that they began in', () => {
    const state = lastState(`fault vcpu 0 read gpa 0x80000000 until TP7 as early
      vm default
      continue early`);
    expect(state.vms[0]!.roots[0]!.leaves).toHaveLength(1);
    expect(state.vms[1]!.roots).toEqual([]);
    expect(violations(state)).toEqual([]);
  });

  it('hold the locks of their VM only', () => {
    expect(
      told(`punch A offset 0 size 4K until I5 as hole
        vm sw-protected
        gmem B size 4K
        slot 0 gpa 0 size 4K gmem B offset 0
        convert gpa 0 size 4K private
        continue hole`).slice(-2),
    ).toEqual(['5 private gfn 0x0', '6 ok']);
  });
});

describe('a call that needs what another one holds', () => {
  it('waits with a name until the scenario resumes it', () => {
    expect(
      told(`punch A offset 0 size 4K until I5 as hole
        convert gpa 0x90000000 size 4K private as conversion
        continue conversion
        continue hole
        continue conversion`),
    ).toEqual([
      '1 suspended before I5',
      '2 waits for mmu_lock, held by hole',
      '3 waits for mmu_lock, held by hole',
      '4 ok',
      '5 private gfn 0x90000',
    ]);
  });

  it('goes on by itself without one, and its outcome is of all that it did', () => {
    expect(
      told(`punch A offset 0 size 4K until I5 as hole
        convert gpa 0x90000000 size 4K private
        fault vcpu 0 read gpa 0x80001000
        continue hole`),
    ).toEqual([
      '1 suspended before I5',
      '2 waited for mmu_lock · private gfn 0x90000',
      '3 waited for mmu_lock · retried: an invalidation ended since the fault began · ' +
        'mapped 4K gfn 0x80001 rwx · allocated A page 0x1 · 2 faults',
      '4 ok',
    ]);
  });

  it('goes on in the order in which they began to wait', () => {
    const events = [
      ...runScenario(
        analyze(`${SETUP}close A until R4 as last
      delete slot 1
      delete slot 0
      continue last`).programs[0],
      ),
    ];
    const frames = events.map(({ next }) =>
      stateOf(next)
        .vms[0]!.slots.map(({ id }) => id)
        .join(),
    );
    // Held back until the first of them has ended, they are reported in the order of the text.
    expect(frames.slice(-3)).toEqual(['0,1', '0,1', '']);
    expect(outcomeOf(events.at(-2)!.events)).toMatchObject({ result: 'ok', waited: ['slots_lock'] });
  });

  it('is suspended at the end where nobody goes on', () => {
    const ran = [
      ...runScenario(
        analyze(`${SETUP}close A until R4 as last
      delete slot 1`).programs[0],
      ),
    ];
    expect(outcomeOf(ran.at(-1)!.events)).toMatchObject({
      result: 'blocked',
      suspended: { lock: 'slots_lock', because: ['last'] },
    });
  });

  it('waits for a vCPU, which does one thing at a time', () => {
    expect(
      told(`fault vcpu 0 read gpa 0x80000000 until FA7 as early
        prefault vcpu 0 gpa 0x80000000 size 4K
        fault vcpu 1 read gpa 0x80001000
        continue early`),
    ).toEqual([
      '1 suspended before FA7',
      '2 waited for the vCPU',
      '3 mapped 4K gfn 0x80001 rwx · allocated A page 0x1',
      '4 mapped 4K gfn 0x80000 rwx · allocated A page 0x0',
    ]);
  });

  it('says whom it waits for by the line where nobody gave it a name', () => {
    expect(
      told(`prefault vcpu 0 gpa 0x90000000 size 4K until PF4f as ahead
        delete slot 0
        delete slot 1 as gone
        continue ahead`).slice(1, 3),
    ).toEqual([
      '2 waited for the SRCU readers · slot 0 deleted',
      `3 waits for slots_lock, held by line ${SETUP_LINES + 2}`,
    ]);
  });
});

describe('a call that goes round', () => {
  it('retries for as long as a call is suspended that can change it', () => {
    expect(
      told(`punch A offset 0 size 4K until PH4 as hole
        fault vcpu 0 read gpa 0x80000000 as late
        continue hole
        continue late`).slice(1),
    ).toEqual([
      expect.stringMatching(/^2 retries while hole is suspended/),
      '3 ok',
      '4 mapped 4K gfn 0x80000 rwx · allocated A page 0x0',
    ]);
  });

  it('holds nothing then that it would drop later', () => {
    const state = lastState(`punch A offset 0 size 4K until PH4 as hole
      fault vcpu 0 read gpa 0x80000000 as late`);
    expect(state.locks.map(({ lock }) => lock)).toEqual([{ kind: 'invalidate_lock', file: 0 }]);
  });

  it('is a livelock where all others wait for it', () => {
    expect(
      told(
        `prefault vcpu 0 gpa 0x90000000 size 4K until PF4f as ahead
        delete slot 1
        continue ahead`,
        'linux-6.12',
      ).slice(1),
    ).toEqual([
      '2 waited for the SRCU readers · slot 1 deleted',
      '3 livelock: KVM would retry forever, 0x1000 bytes left',
    ]);
  });

  it('is one also where an invalidation ends in each round, and a fault is suspended that has an old count', () => {
    const text = `kernel linux-6.12
      vm sev-snp vcpus 2
      gmem A size 2M huge
      slot 0 gpa 1G size 2M gmem A offset 0
      convert gpa 1G size 2M private
      launch-finish
      fault vcpu 0 read gpa 1G private
      rmpupdate A offset 0 size 2M private gpa 1G asid 1 immutable
      fault vcpu 1 read gpa 1G private until FA4 as early
      fault vcpu 0 read gpa 1G private as late`;
    const ran = [...runScenario(analyze(text).programs[0])];
    expect(outcomeOf(ran.at(-1)!.events)).toMatchObject({
      result: 'retries',
      suspended: { because: ['early'] },
    });
  });
});

describe('a hole', () => {
  it.each(
    ['linux-6.12', 'linux-7.3'].flatMap((kernel) => [
      [kernel, 'that is created', 'slot 2 gpa 0xa0000000 size 64K gmem B offset 64K until M3 as other'],
      [
        kernel,
        'that is deleted',
        `slot 2 gpa 0xa0000000 size 64K gmem B offset 64K\ndelete slot 2 until D6 as other`,
      ],
    ]),
  )('on %s reaches the bound gfns of a slot %s', (kernel, _, call) => {
    const text = `${SETUP}gmem B size 1M\n${call}\npunch B offset 0 size 72K`;
    const [program] = analyze(text).programs;
    const ran = [...runScenario({ ...program, setup: { ...program.setup, kernel } })];
    expect(ran.at(-1)!.before.vms[0]!.slots.map(({ id }) => id)).toEqual([0, 1]);
    const zaps = ran.at(-1)!.events.filter(({ type }) => type === 'zap');
    expect(zaps).toMatchObject([{ slot: 2, start: 0xa0000, end: 0xa0002 }]);
  });
});

describe('munmap of the memory of a deleted slot', () => {
  const locksOf = (text: string) =>
    lastState(text).locks.map(({ lock, mode }) => `${lockName(lock)} ${mode}`);

  it.each([
    ['a fault', 'host write slot 1 offset 0', 'HM2'],
    ['MADV_DONTNEED', 'discard slot 1 offset 0 size 4K', 'MD1'],
  ])('waits for %s, which has mmap_lock', (_, call, label) => {
    expect(locksOf(`${call} until ${label} as first`)).toEqual(['mmap_lock read']);
    expect(
      told(`${call} until ${label} as first
        delete slot 1 as second
        continue first
        continue second`),
    ).toEqual([
      expect.stringMatching(`^1 suspended before ${label}`),
      '2 waits for mmap_lock, held by first · slot 1 deleted',
      expect.stringMatching(/^3 slot 1 memory page 0x0/),
      '4 ok',
    ]);
  });

  it('does not wait for users of other memory, or where the slot stays', () => {
    const before = 'host write slot 1 offset 0 until HM2 as first';
    expect(locksOf(`${before}\ndelete slot 0`)).toEqual(['mmap_lock read']);
    expect(told(`${before}\nslot 1 gpa 0x90000000 size 1M`).at(-1)).toMatch(/unchanged/);
  });

  it('leaves a fault that has not taken the lock yet nothing to bring in', () => {
    expect(
      told(`host write slot 1 offset 0 until HM1 as first
        delete slot 1
        continue first`),
    ).toEqual(['1 suspended before HM1', '2 slot 1 deleted', expect.stringMatching(/^3 EINVAL/)]);
  });
});

describe('two calls that wait for each other', () => {
  /** Two calls that are suspended at their first steps, each with a lock that the other one is to get. */
  function crossed(): State {
    const { setup } = analyze(SETUP).programs[0];
    const order = (title: string, call: Order['call']): Order => ({
      ...{ call, title, named: true, until: 'UM1', continues: false },
    });
    let state = initialState(setup);
    for (const title of ['one', 'two']) {
      let run = begin(state, 0, order(title, { kind: 'delete', id: 0n }));
      while (!isOver(run)) run = advance(run).run;
      state = run.state;
    }
    return state;
  }

  function drive(from: Run): { run: Run; last: object | undefined } {
    let run = from;
    let last: object | undefined;
    while (!isOver(run)) {
      const step = advance(run);
      run = step.run;
      last = step.events.at(-1) ?? last;
    }
    return { run, last };
  }

  it('are reported at once, with who waits for what', () => {
    const before = crossed();
    const lock = { kind: 'slots_lock', vm: 0 } as const;
    const hold = { lock, mode: 'write', epoch: 0 } as const;
    const [one, two] = before.tasks.map(({ id }) => id);
    const held = [{ ...hold, task: two! }];
    const first = drive(resume({ ...before, locks: held }, one!));
    expect(first.last).toMatchObject({ why: 'blocked', lock, holders: ['two'] });
    const both = [...held, { ...hold, task: one! }];
    const second = drive(resume({ ...first.run.state, locks: both }, two!));
    expect(second.last).toMatchObject({
      why: 'deadlock',
      lock,
      cycle: [
        { title: 'two', lock },
        { title: 'one', lock },
      ],
    });
    expect(drive(resume(second.run.state, two!)).run.suspended).toBe('deadlock');
  });
});

describe('labels', () => {
  it.each(PROFILES.map(({ name }) => name))('name one step each, on %s', (kernel) => {
    const { procedure } = kernelOf({ kernel, knobs: {}, vm: 'default', vcpus: 1 });
    const labels = [...PROCEDURES.keys()].flatMap((name) => procedure(name).steps.map(({ label }) => label));
    expect(labels.filter((label, at) => labels.indexOf(label) !== at)).toEqual([]);
  });
});
