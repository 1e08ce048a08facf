import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/outcome';
import type { Call } from '../../src/simulator/calls';
import { slotById } from '../../src/simulator/model/state-parts';
import { advance, begin, isOver, runCall } from '../../src/simulator/run';
import type { State } from '../../src/simulator/state';
import { runText } from './running';

/** The states that a call of another task goes through, up to its end. */
function* statesOf(before: State, request: Call): Generator<State> {
  let run = begin(before, 0, { call: request, title: 'other', named: true, until: null, continues: false });
  while (!isOver(run)) {
    yield run.state;
    ({ run } = advance(run));
  }
}

describe('knobs that only a call in the middle of another notices', () => {
  it.each([
    // The deletion waits for readers from before only, so it can go on.
    ['retry', 'retries'],
    ['eagain', 'EAGAIN'],
  ])('prefault-deleted-slot %s: a prefault of a slot that is being deleted', (variant, result) => {
    const { state } = runText(`kernel linux-7.3 with prefault-deleted-slot ${variant}
      vm sw-protected
      slot 0 gpa 1M size 8K`);
    const deleting = [...statesOf(state, { kind: 'delete', id: 0n })].find(
      (now) => slotById(now.vms[0]!, 0)?.invalid === true,
    )!;
    const { events } = runCall(deleting, 0, { kind: 'prefault', vcpu: 0, gpa: 1n << 20n, size: 4096n });
    expect(outcomeOf(events).result).toBe(result);
  });

  it.each([
    ['added', { start: 0x80000, end: 0x80200 }],
    ['gfns-only', { start: 0x80000, end: 0x80001 }],
    ['with-gmem', null],
  ])('convert-range %s: what a conversion of one page keeps faults from mapping', (variant, guarded) => {
    const { state } = runText(`kernel linux-7.3 with convert-range ${variant}
      vm sw-protected
      slot 0 gpa 0x80000000 size 2M thp`);
    const convert: Call = { kind: 'convert', gpa: 0x80000000n, size: 4096n, to: 'private' };
    const storing = [...statesOf(state, convert)].filter(({ vms }) => vms[0]!.mmu.inProgress > 0).at(-1)!;
    expect(storing.vms[0]!.mmu.range).toEqual(guarded);
  });
});
