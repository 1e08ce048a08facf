import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/language';
import { describeOutcome, outcomeOf, runScenario } from '../../src/outcome';
import { violations } from '../../src/simulator/invariants';
import { kernelOf } from '../../src/simulator/kernel';
import { PROCEDURES } from '../../src/simulator/procedures';
import { PROFILES } from '../../src/simulator/profiles';
import { advance, begin, goOn, isOver, type Order, type Run } from '../../src/simulator/run';
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
  return [...runScenario(analyze(`${SETUP}${text}`).programs[0])].at(-1)!.next;
}

describe('calls that stand still', () => {
  it('go on where the scenario says so', () => {
    expect(
      told(`fault vcpu 0 read gpa 0x80000000 until FA9g as early
        continue early until TP7
        continue early`),
    ).toEqual([
      '1 stands still before FA9g · allocated A page 0x0',
      '2 stands still before TP7',
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
      '1 stands still before HA2 · slot 1 memory page 0x0: own pages',
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
      '1 stands still before TP2',
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
      '1 stands still before PF2',
      '2 stands still before PF4f',
      '3 stands still before PF4f · mapped 4K gfn 0x80000 rwx · allocated A page 0x0',
      '4 does not come to PF4f · mapped 4K gfn 0x80001 rwx · allocated A page 0x1',
    ]);
  });

  it('are not there any more once they have returned', () => {
    expect(told('close A as last\ncontinue last').at(-1)).toBe(
      '2 has returned before: there is nothing to go on with',
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
  it('waits with a name until the scenario goes on with it', () => {
    expect(
      told(`punch A offset 0 size 4K until I5 as hole
        convert gpa 0x90000000 size 4K private as conversion
        continue conversion
        continue hole
        continue conversion`),
    ).toEqual([
      '1 stands still before I5',
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
      '1 stands still before I5',
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
    const frames = events.map(({ next }) => next.vms[0]!.slots.map(({ id }) => id).join());
    // Held back until the first of them has gone on, they are told in the order of the text.
    expect(frames.slice(-3)).toEqual(['0,1', '0,1', '']);
    expect(outcomeOf(events.at(-2)!.events)).toMatchObject({ result: 'ok', waited: ['slots_lock'] });
  });

  it('stands still at the end where nobody goes on', () => {
    const ran = [
      ...runScenario(
        analyze(`${SETUP}close A until R4 as last
      delete slot 1`).programs[0],
      ),
    ];
    expect(outcomeOf(ran.at(-1)!.events)).toMatchObject({
      result: 'waits',
      still: { lock: 'slots_lock', because: ['last'] },
    });
  });

  it('waits for a vCPU, which does one thing at a time', () => {
    expect(
      told(`fault vcpu 0 read gpa 0x80000000 until FA7 as early
        prefault vcpu 0 gpa 0x80000000 size 4K
        fault vcpu 1 read gpa 0x80001000
        continue early`),
    ).toEqual([
      '1 stands still before FA7',
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
  it('retries for as long as a call stands still that can change it', () => {
    expect(
      told(`punch A offset 0 size 4K until PH4 as hole
        fault vcpu 0 read gpa 0x80000000 as late
        continue hole
        continue late`).slice(1),
    ).toEqual([
      expect.stringMatching(/^2 retries while hole stands still/),
      '3 ok',
      '4 mapped 4K gfn 0x80000 rwx · allocated A page 0x0',
    ]);
  });

  it('holds nothing then that it would drop on its way', () => {
    const state = lastState(`punch A offset 0 size 4K until PH4 as hole
      fault vcpu 0 read gpa 0x80000000 as late`);
    expect(state.locks.map(({ lock }) => lock)).toEqual(['invalidate_lock 0']);
  });

  it('is a livelock where all others wait for it', () => {
    expect(
      told(
        `prefault vcpu 0 gpa 0x90000000 size 4K until PF4f as ahead
        delete slot 1
        continue ahead`,
        'linux-6.12',
      ).slice(1),
    ).toEqual(['2 waited for the SRCU readers · slot 1 deleted', '3 livelock: KVM would retry for ever']);
  });

  it('is one also where an invalidation ends in each round, and a fault stands still that has an old count', () => {
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
    expect(outcomeOf(ran.at(-1)!.events)).toMatchObject({ result: 'retries', still: { because: ['early'] } });
  });
});

describe('two calls that wait for each other', () => {
  /** Two calls that stand still at their first steps, each with a lock that the other one is to get. */
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

  it('are told at once, with who waits for what', () => {
    const before = crossed();
    const lock = { vm: 0, mode: 'write', epoch: 0 } as const;
    const [one, two] = before.tasks.map(({ id }) => id);
    const held = [{ ...lock, lock: 'slots_lock', task: two! }];
    const first = drive(goOn({ ...before, locks: held }, one!));
    expect(first.last).toMatchObject({ why: 'waits', lock: 'slots_lock', holders: ['two'] });
    const both = [...held, { ...lock, lock: 'slots_lock', task: one! }];
    const second = drive(goOn({ ...first.run.state, locks: both }, two!));
    expect(second.last).toMatchObject({
      why: 'deadlock',
      lock: 'slots_lock',
      cycle: [
        { title: 'two', lock: 'slots_lock' },
        { title: 'one', lock: 'slots_lock' },
      ],
    });
    expect(drive(goOn(second.run.state, two!)).run.still).toBe('deadlock');
  });
});

describe('labels', () => {
  it.each(PROFILES.map(({ name }) => name))('name one step each, on %s', (kernel) => {
    const { procedure } = kernelOf({ kernel, knobs: {}, vm: 'default', vcpus: 1 });
    const labels = [...PROCEDURES.keys()].flatMap((name) => procedure(name).steps.map(({ label }) => label));
    expect(labels.filter((label, at) => labels.indexOf(label) !== at)).toEqual([]);
  });
});
