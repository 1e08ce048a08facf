import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze, type CompiledStatement, type Program } from '../../src/language';
import { runScenario } from '../../src/outcome';
import {
  endOfCall,
  eventsOf,
  firstMoment,
  hasReturned,
  isEnd,
  isUnderWay,
  type Moment,
  nextMoment,
  stateOf,
  suspendedAt,
} from '../../src/simulator/schedule';
import { initialState } from '../../src/simulator/state';
import { scenarios } from '../generators/scenarios';

/** A call that is suspended with slots_lock, and two that wait for it. */
const RACE = `vm sw-protected vcpus 2
gmem A size 1M
slot 0 gpa 0x80000000 size 1M gmem A offset 0
convert gpa 0x80000000 size 1M private
close A until R4 as last
delete slot 0
slot 1 gpa 0x90000000 size 64K
continue last
`;

type At = Moment<CompiledStatement>;

function programOf(text: string): Program {
  return analyze(text).programs[0];
}

function momentsOf({ setup, statements }: Program): readonly At[] {
  const moments: At[] = [firstMoment(initialState(setup))];
  while (statements.length > 0 && !isEnd(statements, moments.at(-1)!)) {
    moments.push(nextMoment(statements, moments.at(-1)!));
  }
  return moments;
}

/** The last end of each statement. */
function endsOf(program: Program): readonly At[] {
  const ends: At[] = [];
  for (const moment of momentsOf(program)) if (hasReturned(moment)) ends[moment.statement] = moment;
  return ends;
}

describe('the moments of a run', () => {
  it('are counted, each once', () => {
    expect(momentsOf(programOf(RACE)).every(({ tick }, at) => tick === at)).toBe(true);
  });

  it('lead through calls that wait, and resume in the order in which they began to wait', () => {
    const resumed = momentsOf(programOf(RACE))
      .filter((moment) => hasReturned(moment) && moment.resumption !== null)
      .map(({ statement, resumption }) => [statement, resumption?.after]);
    // Both wait for slots_lock, which `last` drops when it resumes.
    expect(resumed).toEqual([
      [4, 6],
      [5, 6],
    ]);
  });

  it('know which calls are suspended, and which of them resume on their own', () => {
    const waiting = endsOf(programOf(RACE)).map((end) =>
      suspendedAt(end).map(({ statement, why, resumesAlone }) => [statement, why, resumesAlone]),
    );
    expect(waiting[3]).toEqual([[3, 'suspended', false]]);
    expect(waiting.at(-1)).toEqual([
      [4, 'blocked', true],
      [5, 'blocked', true],
    ]);
  });

  it('are those of the outcomes: what each statement did, and the states around it', () => {
    fc.assert(
      fc.property(fc.oneof(scenarios({ maxStatements: 15 }), fc.constant(RACE)), (text) => {
        const program = programOf(text);
        const told = [...runScenario(program)].map(({ events, before, after }) => ({
          events,
          before,
          after,
        }));
        const ends = endsOf(program).map((end) => ({
          events: eventsOf(end),
          before: end.before,
          after: stateOf(end),
        }));
        expect(told).toEqual(ends);
      }),
      { numRuns: 60 },
    );
  });

  it('are not missed where a call runs to its end at once', () => {
    const program = programOf(RACE);
    for (const moment of momentsOf(program).filter(isUnderWay)) {
      let stepped = moment;
      while (isUnderWay(stepped)) stepped = nextMoment(program.statements, stepped);
      const run = endOfCall(moment);
      let next = run.next();
      while (next.done !== true) next = run.next();
      expect(next.value).toEqual(stepped);
    }
  });
});
