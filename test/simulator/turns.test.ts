import { describe, expect, it } from 'vitest';
import { analyze, type CompiledStatement } from '../../src/language';
import { sameState } from '../../src/simulator/same-state';
import {
  firstMoment,
  isEnd,
  type Moment,
  nextMoment,
  stateOf,
  suspendedAt,
} from '../../src/simulator/schedule';
import { initialState } from '../../src/simulator/state';
import { lastBegun, takeTurn } from '../../src/simulator/turns';

const TEXT = `vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
fault vcpu 0 write gpa 0x80000000
punch A offset 0 size 4K
fault vcpu 1 read gpa 0x80001000
`;

const [{ setup, statements }] = analyze(TEXT).programs;

function runTo(
  goal: (moment: Moment<CompiledStatement>) => boolean,
  from = firstMoment<CompiledStatement>(initialState(setup)),
) {
  let moment = from;
  while (!goal(moment)) moment = nextMoment(statements, moment);
  return moment;
}

/** In the middle of the fault. */
function inFault(): Moment<CompiledStatement> {
  return runTo(({ statement, run }) => statement === 3 && run !== null && run.steps === 9);
}

describe('a turn', () => {
  it('begins the next call in the middle of another one, which then resumes', () => {
    const from = inFault();
    const turned = takeTurn(from, { kind: 'begin' });
    expect([turned.statement, turned.phase, turned.tick]).toEqual([4, 'before', from.tick + 1]);
    expect(suspendedAt(turned).map(({ statement, why }) => [statement, why])).toEqual([[3, 'suspended']]);
    const resumed = runTo(({ statement }) => statement === 3, turned);
    expect(lastBegun(resumed)).toBe(4);
    const end = runTo((moment) => isEnd(statements, moment), resumed);
    expect([stateOf(end).tasks, end.statement]).toEqual([[], 5]);
  });

  it('resumes a suspended call, and changes nothing but who runs', () => {
    const from = inFault();
    const other = runTo(({ run }) => run !== null && run.steps === 2, takeTurn(from, { kind: 'begin' }));
    const turned = takeTurn(other, { kind: 'resume', task: from.run!.task });
    const awake = (moment: Moment<CompiledStatement>) => ({
      ...stateOf(moment),
      tasks: stateOf(moment).tasks.map((task) => ({ ...task, suspended: null })),
    });
    expect(sameState(awake(turned), awake(other))).toBe(true);
    expect([turned.statement, turned.run!.task, turned.trail]).toEqual([3, from.run!.task, from.trail]);
  });

  it('cannot be given to a call that is not suspended', () => {
    expect(() => takeTurn(inFault(), { kind: 'resume', task: 9 })).toThrow('call that takes its turn');
  });
});
