import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/language';
import { outcomeOf, runScenario } from '../../src/outcome';
import { violations } from '../../src/simulator/invariants';
import type { TracedEvent } from '../../src/simulator/machine';
import { isRunning, runCall, startCall } from '../../src/simulator/run';
import { sameState } from '../../src/simulator/same-state';
import { initialState, type State, type VmState } from '../../src/simulator/state';
import { stepTask } from '../../src/simulator/step-task';
import { scenarios } from '../generators/scenarios';

/** Enough that each statement of the generator meets most others, within a second or two. */
const RUNS = 300;

/** What holds in the middle of a call: the invalidation bookkeeping, and what faults may install under it. */
function checkStep(before: VmState, after: VmState, events: readonly TracedEvent[]): void {
  expect(after.mmu.inProgress).toBeGreaterThanOrEqual(0);
  expect(after.mmu.seq).toBeGreaterThanOrEqual(before.mmu.seq);
  if (after.mmu.inProgress < before.mmu.inProgress) expect(before.mmu.range).not.toBeNull();
  if (before.mmu.inProgress === 0) return;
  const { start, end } = before.mmu.range ?? { start: 0, end: Number.POSITIVE_INFINITY };
  for (const event of events) {
    if (event.type !== 'sptes') continue;
    for (const run of event.runs) {
      const installed = typeof run.to === 'object' && run.to.kind === 'mapped';
      expect(installed && run.start < end && run.end > start).toBe(false);
    }
  }
}

describe('random scenarios on the upstream kernels', () => {
  it('keep the invariants after every statement', () => {
    fc.assert(
      fc.property(scenarios(), (text) => {
        for (const { statement, after, events } of runScenario(analyze(text).programs[0])) {
          const where = `line ${statement.line} of\n${text}`;
          expect(violations(after), where).toEqual([]);
          // A BUG_ON is one too: a present leaf that would change to another pfn.
          expect(
            events.filter(({ type }) => type === 'warn'),
            where,
          ).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('never lose a sequence number or a frame', () => {
    fc.assert(
      fc.property(scenarios(), (text) => {
        for (const { before, after } of runScenario(analyze(text).programs[0])) {
          before.vms.forEach((vm, id) => {
            expect(after.vms[id]!.mmu.seq).toBeGreaterThanOrEqual(vm.mmu.seq);
            expect(after.vms[id]!.generation).toBeGreaterThanOrEqual(vm.generation);
          });
          expect(after.next.frame).toBeGreaterThanOrEqual(before.next.frame);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('do the same stepped as run', () => {
    fc.assert(
      fc.property(scenarios({ maxStatements: 15 }), (text) => {
        const { setup, statements } = analyze(text).programs[0];
        let state = initialState(setup);
        for (const { call } of statements) {
          const ran = runCall(state, 0, call);
          // A call that would never end needs the signal that running sends it.
          if (ran.events.some(({ type }) => type === 'livelock')) {
            state = ran.state;
            continue;
          }
          let stepped: State = startCall(state, 0, call);
          const events: TracedEvent[] = [];
          while (isRunning(stepped)) {
            const step = stepTask(stepped);
            events.push(...step.events);
            checkStep(stepped.vms[0]!, step.state.vms[0]!, step.events);
            stepped = step.state;
          }
          expect(events).toEqual(ran.events);
          expect(sameState(stepped, ran.state)).toBe(true);
          state = ran.state;
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('reach equal states when they are run again', () => {
    fc.assert(
      fc.property(scenarios(), (text) => {
        const [program] = analyze(text).programs;
        const first = [...runScenario(program)].map(({ after }) => after);
        const second = [...runScenario(program)].map(({ after }) => after);
        first.forEach((state, at) => {
          const other = second[at]!;
          expect(sameState(state, other)).toBe(true);
          expect(sameState(structuredClone(state), state)).toBe(true);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('are never changed by what comes after', () => {
    fc.assert(
      fc.property(scenarios(), (text) => {
        const kept: { readonly state: State; readonly copy: State }[] = [];
        for (const { after } of runScenario(analyze(text).programs[0])) {
          // The copy is of this moment, before the next statement runs.
          kept.push({ state: after, copy: structuredClone(after) });
        }
        for (const { state, copy } of kept) expect(sameState(state, copy)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

/** Texts whose last statement prefaults a range, and the same with a statement for each page of it. */
const prefaults = fc
  .record({
    text: scenarios({ maxStatements: 20 }),
    gfn: fc.constantFrom(0x80000, 0x801f0, 0x80200, 0x90000, 0x901ff),
    pages: fc.integer({ min: 1, max: 700 }),
  })
  .map(({ text, gfn, pages }) => ({
    whole: `${text}prefault vcpu 0 gpa ${gfn * 4096} size ${pages * 4096}\n`,
    before: text,
    gfn,
    pages,
  }));

describe('a prefault of a range', () => {
  it('does what prefaults of its pages do, one after the other', () => {
    fc.assert(
      fc.property(prefaults, ({ whole, before, gfn, pages }) => {
        const last = [...runScenario(analyze(whole).programs[0])].at(-1)!;
        const expected: unknown[] = [];
        let state = [...runScenario(analyze(before).programs[0])].at(-1)?.after ?? last.before;
        let at: number = gfn;
        let result = 'ok';
        let flushed = false;
        while (at < gfn + pages && result === 'ok') {
          const call = { kind: 'prefault', vcpu: 0, gpa: BigInt(at) * 4096n, size: 4096n } as const;
          const ran = runCall(state, 0, call);
          const outcome = outcomeOf(ran.events);
          result = outcome.result;
          expected.push(...outcome.sptes);
          flushed ||= outcome.flush;
          state = ran.state;
          // A call goes on behind the huge page that it mapped.
          const huge =
            state.vms[0]!.roots[0]?.leaves.find(({ start, end }) => start <= at && at < end)?.value.level ===
            2;
          at = huge && result === 'ok' ? (Math.floor(at / 512) + 1) * 512 : at + 1;
        }
        const outcome = outcomeOf(last.events);
        expect(outcome.result).toBe(result);
        expect(outcome.sptes).toEqual(expected);
        expect(outcome.flush).toBe(flushed);
        expect(last.after).toEqual(state);
      }),
      { numRuns: 150 },
    );
  });
});
