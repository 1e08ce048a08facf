import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branchOff, compileTyped, trunkOf } from '../../src/dap/branch';
import { depthOf, type Moment } from '../../src/dap/moment';
import { type DebuggedScenario, loadScenario } from '../../src/dap/scenario';
import { pastTyped, stepBackTo, stepIn, stepOut, stepOver } from '../../src/dap/stepping/goals';
import { runBackTo, runForward, type Slice } from '../../src/dap/stepping/slices';
import { sameState } from '../../src/simulator/same-state';
import { stateOf } from '../../src/simulator/schedule';
import type { State } from '../../src/simulator/state';
import { PROGRAM, TestClient } from './client';
import { HOLE, PUNCH } from './scenarios';

const QUIET = { forward: () => null, back: () => null };

const SCENARIOS = [
  ['a hole', HOLE],
  ['SEV-SNP', readFileSync('examples/sev-snp/psmash.gmem', 'utf8')],
  ['two guests', readFileSync('examples/sev-snp/two-guests.gmem', 'utf8')],
  ['calls that wait', readFileSync('examples/races/hole-waits-for-page.gmem', 'utf8')],
  ['calls that retry', readFileSync('examples/races/two-invalidations.gmem', 'utf8')],
] as const;

/** What a person does that moves the run. */
const move = fc.oneof(
  fc.constantFrom('in', 'over', 'out', 'back', 'back into', 'back out', 'leave'),
  fc.record({ tick: fc.nat(5000) }),
  fc.record({
    typed: fc.constantFrom(
      'punch A offset 0 size 4K',
      'convert gpa 0x80000000 size 64K shared',
      'fault vcpu 0 read gpa 0x80000000',
      'gmem Q size 64K',
      'delete slot 0',
      'close A',
    ),
  }),
);
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

function toStop(slice: Slice): void {
  while (slice() === null);
}

/** The scenario, or the branch of it, after a move. */
function moved(scenario: DebuggedScenario, one: Move): DebuggedScenario {
  const { timeline, branch } = scenario;
  const here = timeline.current;
  const back = (depth: number) => {
    if (here.tick === 0 && branch !== null) return branch.parent;
    toStop(runBackTo(timeline, stepBackTo(Math.max(1, depth))));
    return scenario;
  };
  if (typeof one !== 'string') {
    if ('tick' in one) {
      timeline.moveTo(timeline.at(one.tick % (timeline.lastTick + 1)));
      return scenario;
    }
    const { statements, errors } = compileTyped(scenario, one.typed);
    if (errors.length > 0) return scenario;
    const next = branchOff(scenario, statements);
    toStop(runForward(next.timeline, pastTyped(statements.size), QUIET));
    return next;
  }
  switch (one) {
    case 'in':
      toStop(runForward(timeline, stepIn(), QUIET));
      return scenario;
    case 'over':
      toStop(runForward(timeline, stepOver(here), QUIET));
      return scenario;
    case 'out':
      toStop(runForward(timeline, stepOut(here), QUIET));
      return scenario;
    case 'back':
      return back(depthOf(here));
    case 'back into':
      toStop(runBackTo(timeline, stepIn()));
      return scenario;
    case 'back out':
      return back(depthOf(here) - 1);
    default:
      return branch?.parent ?? scenario;
  }
}

describe.each(SCENARIOS)('going back and forth through %s', (_, text) => {
  /** The machine at every tick of the run. */
  const states: State[] = [];
  const { timeline } = loadScenario('test.gmem', text);
  for (;;) {
    states.push(stateOf(timeline.current));
    if (timeline.atEnd()) break;
    timeline.forward();
  }
  const isAsRun = (moment: Moment) => sameState(stateOf(moment), states[moment.tick]!);

  it('never loses a state, on branches or off them', () => {
    const property = fc.property(fc.array(move, { maxLength: 25 }), (moves) => {
      let scenario = loadScenario('test.gmem', text);
      for (const one of moves) {
        scenario = moved(scenario, one);
        const trunk = trunkOf(scenario);
        expect(isAsRun(trunk.timeline.current)).toBe(true);
      }
      const trunk = trunkOf(scenario);
      for (const tick of [0, Math.floor(trunk.timeline.lastTick / 2), trunk.timeline.lastTick]) {
        expect(isAsRun(trunk.timeline.at(tick))).toBe(true);
      }
    });
    fc.assert(property, { seed: 21, numRuns: 60 });
  });
});

/** Requests that move the scenario, most of them right. */
const request = fc.oneof(
  fc
    .constantFrom('next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue', 'gmemscope/stepBackOut')
    .map((command) => ({
      command,
      args: { threadId: 1 },
    })),
  fc.constant({ command: 'stepBack', args: { threadId: 1, granularity: 'instruction' } }),
  fc.record({ command: fc.constant('gmemscope/goTo'), args: fc.record({ tick: fc.nat(400) }) }),
  fc.record({
    command: fc.constant('evaluate'),
    args: fc.record({
      context: fc.constant('repl'),
      expression: fc.constantFrom(
        'punch A offset 2M size 8K',
        'fault vcpu 0 write gpa 0x90000000',
        'convert gpa 0x90000000 size 8K shared',
        'back',
        'who zapped slot(1)',
        'who mapped anything',
        'spte(0x90000000)',
      ),
    }),
  }),
);

describe('going back and forth by requests', () => {
  /** What there is to see, without the numbers of frames. */
  async function seen(client: TestClient): Promise<string> {
    const parts = ['Page tables', 'guest_memfd files', 'MMU bookkeeping', 'Locks held', 'Memory attributes'];
    const trees: string[] = [];
    for (const part of parts) trees.push(await client.tree(part));
    const frames = (await client.stack()).map(({ name, line }) => `${name}:${line}`);
    return JSON.stringify([frames, trees, client.outcomes().outcomes]);
  }

  it('shows the same at the same tick, whatever was done before', async () => {
    const reference = new TestClient();
    await reference.start(HOLE);
    await reference.nextToLine(PUNCH + 2);
    const { ticks } = await reference.request('gmemscope/timeline');
    const known = new Map<number, Promise<string>>();
    const expected = (tick: number) => {
      const there = known.get(tick) ?? reference.move('gmemscope/goTo', { tick }).then(() => seen(reference));
      known.set(tick, there);
      return there;
    };
    const property = fc.asyncProperty(fc.array(request, { maxLength: 12 }), async (requests) => {
      const client = new TestClient({ [PROGRAM]: HOLE });
      await client.start(HOLE);
      await client.nextToLine(PUNCH);
      await client.request('setDataBreakpoints', { breakpoints: [{ dataId: 'slot 1 zapped' }] });
      for (const { command, args } of requests) {
        const from = client.messages.length;
        const { success } = await client.ask(command, args);
        const isMove =
          success &&
          (command !== 'evaluate' || client.messages.slice(from).some((one) => one.event === 'continued'));
        if (isMove) {
          const { event } = await client.wait(
            (one) => one.event === 'stopped' || one.event === 'terminated',
            from,
          );
          if (event === 'terminated') return;
        }
        const { tick, branch } = await client.request('gmemscope/timeline');
        if (!branch && tick < ticks) expect(await seen(client)).toBe(await expected(tick));
      }
      await client.move('gmemscope/goTo', { tick: 60 });
      expect(await seen(client)).toBe(await expected(60));
    });
    await fc.assert(property, { seed: 4, numRuns: 25 });
  });
});
