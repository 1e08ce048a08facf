import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { analyze } from '../../../src/language';
import {
  type BackgroundRun,
  isOver,
  reached,
  runInBackground,
  type ScenarioRun,
  statesAround,
} from '../../../src/lsp/background-run/background-run';
import { createDocuments } from '../../../src/lsp/documents';
import { findingsOf } from '../../../src/lsp/findings';
import { inlayHintsIn } from '../../../src/lsp/inlay-hints';
import { DEFAULT_SETTINGS } from '../../../src/lsp/settings';
import { sameState } from '../../../src/simulator/same-state';
import { stateOf } from '../../../src/simulator/schedule';
import { scenarios } from '../../generators/scenarios';
import { wildScenarios } from '../../generators/wild';
import { BY_STEPS, URI } from '../client';

const never = () => false;

/** The states before each statement that ran, and after the last. */
const statesOf = ({ moments }: ScenarioRun) => moments.map(stateOf);

/** The run of a text without blocks. */
const only = ({ runs }: BackgroundRun): ScenarioRun => runs[0]!;

const SETUP = 'vm sw-protected\ngmem A size 4M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\n';

/** Blocks of one statement that changes little. */
const repeatedBlocks = (count: number) =>
  Array.from({ length: count }, (_, at) => `scenario "${at}" {\n  gmem A size 4K\n}\n`).join('');

describe('run-in-background', () => {
  test('runs to the end, and keeps the state before each statement', async () => {
    const { programs, document } = analyze(`${SETUP}delete slot 0\n`);
    const backgroundRun = runInBackground(programs, never, BY_STEPS);
    await backgroundRun.finished;
    expect(only(backgroundRun).stopped).toBeNull();
    expect(statesOf(only(backgroundRun)).map(({ vms }) => vms[0]!.slots.length)).toEqual([0, 0, 1, 0]);
    const { before, after } = statesAround(backgroundRun, document.statements.at(-1)!);
    expect(before?.state).toBe(statesOf(only(backgroundRun))[2]);
    expect(after?.state).toBe(statesOf(only(backgroundRun))[3]);
  });

  test('a statement with an error has a state before it and none after it', async () => {
    const { programs, document } = analyze(`${SETUP}punch A offset\ndelete slot 0\n`);
    const backgroundRun = runInBackground(programs, never, BY_STEPS);
    await backgroundRun.finished;
    const punch = document.statements.find(({ keyword }) => keyword === 'punch')!;
    const { before, after } = statesAround(backgroundRun, punch);
    expect(before?.state).toBe(statesOf(only(backgroundRun))[2]);
    expect(after).toBeNull();
  });

  test('stops at its budget of steps', async () => {
    const { programs } = analyze(`${SETUP}${'fault vcpu 0 write gpa 0x80000000\n'.repeat(1000)}`);
    const backgroundRun = runInBackground(programs, never, { ...BY_STEPS, steps: 100 });
    await backgroundRun.finished;
    expect(only(backgroundRun).stopped).toBe('budget');
    expect(only(backgroundRun).moments.length).toBeLessThan(100);
    expect(isOver(backgroundRun)).toBe(true);
  });

  test('stops where the states that it keeps are too large, and says so', async () => {
    const text = `vm sw-protected\n${'vm default\n'.repeat(200)}`;
    const whole = createDocuments(BY_STEPS).open(URI, 1, text).backgroundRun();
    await whole.finished;
    const document = createDocuments({ ...BY_STEPS, size: only(whole).sizes[100]! }).open(URI, 1, text);
    await document.backgroundRun().finished;
    expect(only(document.backgroundRun()).stopped).toBe('budget');
    expect(only(document.backgroundRun()).moments.length).toBe(101);
    expect(findingsOf(document).map(({ diagnostic: { code } }) => code)).toEqual(['G204']);
  });

  test('counts the states that scenarios share once', async () => {
    const shared = `vm sw-protected\n${'vm default\n'.repeat(40)}`;
    const text = shared + repeatedBlocks(20);
    const one = runInBackground(analyze(shared + repeatedBlocks(1)).programs, never, BY_STEPS);
    await one.finished;
    const size = 3 * only(one).sizes.at(-1)!;
    const all = runInBackground(analyze(text).programs, never, { ...BY_STEPS, size });
    await all.finished;
    expect(all.runs.map(({ stopped }) => stopped)).toEqual(Array(20).fill(null));
  });

  test('leaves out the scenarios that exceed its budget of statements, and says which', async () => {
    const blocks = [1, 2, 3, 4].map((number) => `scenario "${number}" {\n  delete slot 0\n}\n`);
    const text = SETUP + blocks.join('');
    const documents = createDocuments({ ...BY_STEPS, statements: 9 });
    const document = documents.open(URI, 1, text);
    const backgroundRun = document.backgroundRun();
    await backgroundRun.finished;
    expect(backgroundRun.runs.map(({ stopped }) => stopped)).toEqual([null, null, null, 'left-out']);
    expect(isOver(backgroundRun)).toBe(true);
    const found = findingsOf(document).map(({ diagnostic: { code, span } }) => [code, span.start]);
    expect(found).toEqual([['G204', text.lastIndexOf('scenario')]]);
  });

  test('stops all scenarios once it is cancelled', async () => {
    const text = `${SETUP}${[1, 2, 3].map((number) => `scenario "${number}" {\n delete slot 0\n}\n`).join('')}`;
    const backgroundRun = runInBackground(analyze(text).programs, () => true, { ...BY_STEPS, slice: 0 });
    await backgroundRun.finished;
    expect(backgroundRun.runs.map(({ stopped }) => stopped)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  test('lists a thousand remarks, and says how many more there are', async () => {
    const document = createDocuments(BY_STEPS).open(URI, 1, `${SETUP}${'delete slot 7\n'.repeat(1100)}`);
    await document.backgroundRun().finished;
    const found = findingsOf(document).map(({ diagnostic: { code, message } }) => [code, message]);
    expect(found.length).toBe(1001);
    expect(found.at(-1)).toEqual(['G009', '100 more diagnostics of running the scenarios are not listed']);
  });

  describe('has a budget of milliseconds', () => {
    const { programs } = analyze(`${SETUP}${'fault vcpu 0 write gpa 0x80000000\n'.repeat(20)}`);
    const budget = { ...BY_STEPS, total: 100, slice: 0 };
    let clock = 0;
    afterEach(() => vi.restoreAllMocks());

    test('in which it runs', async () => {
      vi.spyOn(Date, 'now').mockImplementation(() => clock++);
      const backgroundRun = runInBackground(programs, never, budget);
      await backgroundRun.finished;
      expect(only(backgroundRun).stopped).toBe('budget');
    });

    test('and not those in which others have their turns', async () => {
      vi.spyOn(Date, 'now').mockImplementation(() => clock);
      const backgroundRun = runInBackground(programs, never, budget);
      const others = setInterval(() => {
        clock += 1000;
      }, 0);
      await backgroundRun.finished;
      clearInterval(others);
      expect(only(backgroundRun).stopped).toBeNull();
    });
  });

  test('stops between two slices when nobody wants it any more', async () => {
    const { programs } = analyze(`${SETUP}${'fault vcpu 0 write gpa 0x80000000\n'.repeat(1000)}`);
    const backgroundRun = runInBackground(programs, () => true, { ...BY_STEPS, slice: 0 });
    expect(isOver(backgroundRun)).toBe(false);
    await backgroundRun.finished;
    expect(only(backgroundRun).stopped).toBe('cancelled');
  });

  test('says what would never return', async () => {
    const text = [
      'kernel linux-6.12',
      'vm default',
      'slot 0 gpa 0x80000000 size 2M',
      'slot 1 gpa 0x90000000 size 2M',
      'prefault vcpu 0 gpa 0x80000000 size 4K',
      'delete slot 1',
      'prefault vcpu 0 gpa 0x80001000 size 4K',
    ].join('\n');
    const backgroundRun = runInBackground(analyze(text).programs, never, BY_STEPS);
    await backgroundRun.finished;
    expect(only(backgroundRun).remarks).toMatchObject([{ kind: 'livelock', index: 4 }]);
  });

  test('goes on from where an earlier background run knows the machine', async () => {
    const first = runInBackground(
      analyze(`${SETUP}slot 1 gpa 0x80000000 size 4K\n`).programs,
      never,
      BY_STEPS,
    );
    await first.finished;
    const longer = analyze(
      `# new\n${SETUP}slot 1 gpa 0x80000000 size 4K\nslot 2 gpa 0x80000000 size 4K\n`,
    ).programs;
    const second = runInBackground(longer, never, BY_STEPS, first);
    await second.finished;
    expect(
      only(second)
        .moments.slice(0, 4)
        .every((moment, at) => moment === only(first).moments[at]),
    ).toBe(true);
    expect(only(second).remarks).toMatchObject([
      { index: 2, slots: [{ slot: 0, index: 1 }] },
      { index: 3, slots: [{ slot: 0, index: 1 }] },
    ]);
  });

  test.each([
    ['another machine', `kernel linux-6.12\n${SETUP}`, 0],
    ['another call', SETUP.replace('offset 0', 'offset 2M'), 1],
    ['a call less', SETUP.replace('gmem A size 4M\n', ''), 0],
    ['the same calls written differently', SETUP.replace('4M', '4096K'), 2],
  ])('%s: only what comes before it is kept', async (_what, text, kept) => {
    const first = runInBackground(analyze(SETUP).programs, never, BY_STEPS);
    await first.finished;
    const second = runInBackground(analyze(text).programs, never, BY_STEPS, first);
    await second.finished;
    const same = only(second).moments.filter((moment, at) => at > 0 && moment === only(first).moments[at]);
    expect(same).toHaveLength(kept);
    expect(only(second).moments).toHaveLength(only(second).program.statements.length + 1);
  });

  test('whatever is changed, the outcome is that of a fresh background run', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios({ maxStatements: 12 }), scenarios({ maxStatements: 12 }), async (a, b) => {
        const lines = a.split('\n');
        const mixed = [...lines.slice(0, lines.length / 2), ...b.split('\n').slice(2)].join('\n');
        const before = runInBackground(analyze(a).programs, never, BY_STEPS);
        await before.finished;
        const { programs } = analyze(mixed);
        const resumed = runInBackground(programs, never, BY_STEPS, before);
        const fresh = runInBackground(programs, never, BY_STEPS);
        await Promise.all([resumed.finished, fresh.finished]);
        expect(only(resumed).remarks).toEqual(only(fresh).remarks);
        const states = statesOf(only(fresh));
        expect(only(resumed).moments).toHaveLength(states.length);
        expect(statesOf(only(resumed)).every((state, at) => sameState(state, states[at]!))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the simulator takes any call', () => {
  test.each([
    ['that means something', scenarios()],
    ['with numbers at the edges', wildScenarios()],
  ])('%s', async (_what, texts) => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const backgroundRun = runInBackground(analyze(text).programs, never, BY_STEPS);
        await backgroundRun.finished;
        expect([only(backgroundRun).stopped, only(backgroundRun).failure]).toEqual([null, null]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('waiting for a statement', () => {
  const LONG = `${SETUP}${'fault vcpu 0 write gpa 0x80000000\n'.repeat(400)}`;
  /** Runs in small slices, so that others get their turns. */
  const SLICED = { ...BY_STEPS, slice: 0 };

  test('is over when it has run, whatever comes after it', async () => {
    const { programs, document } = analyze(LONG);
    const backgroundRun = runInBackground(programs, never, SLICED);
    const early = document.statements[4]!;
    expect(await reached(backgroundRun, early)).toBe(true);
    expect(statesAround(backgroundRun, early).after).not.toBeNull();
    expect(isOver(backgroundRun)).toBe(false);
    expect(await reached(backgroundRun, document.statements.at(-1)!)).toBe(true);
    expect(isOver(backgroundRun)).toBe(true);
  });

  test('is given up when it takes longer than one wants to wait', async () => {
    const { programs, document } = analyze(LONG);
    const backgroundRun = runInBackground(programs, never, SLICED);
    expect(await reached(backgroundRun, document.statements.at(-1)!, 0)).toBe(false);
    await backgroundRun.finished;
  });

  test('is over where the statement will never run', async () => {
    const { programs, document } = analyze(LONG);
    const backgroundRun = runInBackground(programs, never, { ...SLICED, steps: 20 });
    expect(await reached(backgroundRun, document.statements.at(-1)!)).toBe(true);
  });

  test('hints that are not known in time are left out, and announced when they are', async () => {
    const documents = createDocuments(SLICED);
    const scenario = documents.open(URI, 1, `${LONG}punch A offset 0 size 4K\n`);
    const span = { start: LONG.length, end: LONG.length + 30 };
    let onLate: () => void = () => undefined;
    const announced = new Promise<void>((resolve) => {
      onLate = resolve;
    });
    expect(await inlayHintsIn(scenario, span, DEFAULT_SETTINGS.inlayHints, { most: 0, onLate })).toEqual([]);
    await announced;
    const patience = { most: 0, onLate: () => expect.unreachable() };
    const hints = await inlayHintsIn(scenario, span, DEFAULT_SETTINGS.inlayHints, patience);
    expect(hints.map(({ label }) => label)).toEqual(['slot 0 gfn 0x80000']);
  });
});
