import { describe, expect, test } from 'vitest';
import { DEFAULT_CLIENT } from '../../../src/dap/client';
import { loadScenario } from '../../../src/dap/scenario';
import { stackAt } from '../../../src/dap/stack';
import {
  positionSentence,
  positionText,
  runningScenario,
  runPosition,
} from '../../../src/extension/status/run-position';
import { readTimeline, type TimelineBody } from '../../../src/extension/status/timeline';
import { analyze } from '../../../src/language';

const TEXT = `# A note.
vm sw-protected
gmem A size 64K
  allocate A offset 0 size 4K punch A offset 0 size 4K
scenario "other" { close A }
scenario "this" { close A }
`;

/** Where a session stands after some ticks; it says so itself where `timeline` is given. */
function positionAfter(ticks: number, timeline?: TimelineBody) {
  const scenario = loadScenario('x.gmem', TEXT, 'this');
  const program = analyze(TEXT).programs.find(({ title }) => title === 'this')!;
  for (let tick = 0; tick < ticks && !scenario.timeline.atEnd(); tick++) scenario.timeline.forward();
  return runPosition(
    runningScenario(TEXT, program),
    stackAt(scenario, DEFAULT_CLIENT, { kind: 'scenario' }),
    timeline,
  );
}

describe('where a run stands', () => {
  test('is a statement, before anything has run', () => {
    const position = positionAfter(0)!;
    expect(positionText(position)).toBe('$(debug-line-by-line) statement 1 of 4');
    expect(positionSentence(position)).toBe('Statement 1 of 4: gmem A size 64K');
  });

  test('is a step of a procedure, inside a call', () => {
    const position = positionAfter(2)!;
    expect(positionText(position)).toMatch(
      /^\$\(debug-line-by-line\) statement 1 of 4 · kvm_gmem_create, step 1 of \d$/,
    );
    expect(positionSentence(position)).toMatch(/, step 1 of \d of kvm_gmem_create$/);
  });

  test('is known for each of two statements on one line', () => {
    const seen = new Set(Array.from({ length: 60 }, (_, ticks) => positionAfter(ticks)?.statement));
    expect(seen).toEqual(new Set([1, 2, 3, 4]));
  });

  test('is the end, once the last statement has returned', () => {
    const position = positionAfter(1000)!;
    expect(positionText(position)).toBe('$(debug-stop) statement 4 of 4 · at the end');
    expect(positionSentence(position)).toBe('Statement 4 of 4: close A, at the end');
  });

  const timeline = { ticks: 40, statements: [0, 5, 12], tick: 6, branch: false };

  test('comes from the session, if it has it: the past', () => {
    const position = positionAfter(0, timeline)!;
    expect(position).toMatchObject({ statement: 2, where: 'past', branch: '' });
    expect(positionText(position)).toBe('$(history) statement 2 of 4 · in the past');
  });

  test('comes from the session, if it has it: a branch', () => {
    const position = positionAfter(0, { ...timeline, tick: 39, branch: true })!;
    expect(positionText(position)).toBe('$(debug-line-by-line) statement 3 of 4 · on a branch');
  });

  test.each([
    ['without a frame', [], undefined],
    ['at a line that is none of its', [{ name: 'x', line: 1, column: 1 }], undefined],
    [
      'beyond its statements',
      [{ name: 'x', line: 3, column: 1 }],
      { ...timeline, statements: [0, 1, 2, 3, 4] },
    ],
  ])('is not known %s', (_, frames, told) => {
    const program = analyze(TEXT).programs[0];
    expect(runPosition(runningScenario(TEXT, program), frames, told)).toBeUndefined();
  });
});

describe('what a session says of its run', () => {
  const body = { ticks: 40, statements: [0, 5], tick: 6, branch: true };

  test('is read', () => {
    expect(readTimeline(body)).toEqual(body);
  });

  test.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ ...body, ticks: -1 }],
    [{ ...body, tick: 1.5 }],
    [{ ...body, statements: 3 }],
    [{ ...body, statements: ['a'] }],
    [{ ...body, branch: 'a' }],
  ])('is left alone where it is another: %o', (other) => expect(readTimeline(other)).toBeUndefined());
});
