import { describe, expect, it } from 'vitest';
import { Recorder } from '../../kernel/recorder';
import { analyze } from '../../src/language';

const scenario = (name: string, text: string) => ({ name, program: analyze(text).programs[0] });
const SCENARIOS = [
  scenario('first', 'vm sw-protected\ngmem A size 2M\n\nclose A\n'),
  scenario('second', 'vm default\nfault vcpu 0 read gpa 0x1000\n'),
];
const NOTHING = '"faults":[],"sptes":[],"flushes":0,"lost":0';
const done = (scenarioNumber: number, statement: number, result = 'ok') =>
  `{"scenario":${scenarioNumber},"statement":${statement},"result":"${result}",${NOTHING}}`;
const ended = (scenarioNumber: number) => `{"scenario":${scenarioNumber},"end":true}`;
const BYE = '{"bye":true}';

function recorderAfter(lines: readonly string[], listener = {}): Recorder {
  const recorder = new Recorder(SCENARIOS, listener);
  for (const line of lines) recorder.takeLine(line);
  return recorder;
}

describe('Recorder', () => {
  it('gives each record the line of its statement', () => {
    const recorder = recorderAfter([done(0, 0), done(0, 1, 'EBADF'), ended(0), done(1, 0), ended(1), BYE]);
    const records = recorder.finish();
    expect(records.map((list) => list.map(({ line, result }) => [line, result]))).toEqual([
      [
        [2, 'ok'],
        [4, 'EBADF'],
      ],
      [[2, 'ok']],
    ]);
  });

  it('tells progress, and which statements could not be performed', () => {
    const told: unknown[] = [];
    const listener = {
      onProgress: (text: string) => told.push(text),
      onSkipped: (...what: unknown[]) => told.push(what),
    };
    const skipped = '{"scenario":0,"statement":1,"skipped":"there is no such slot"}';
    const recorder = recorderAfter([done(0, 0), skipped, ended(0), ended(1), BYE], listener);
    expect(told).toEqual([['first', 4, 'there is no such slot'], '1 of 2 scenarios', '2 of 2 scenarios']);
    expect(recorder.finish()[0]).toHaveLength(1);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['before the first statement', [], /ended at first:2/],
    ['in a scenario', [done(0, 0)], /ended at first:4/],
    ['at the end of a scenario', [done(0, 0), done(0, 1)], /ended at the end of first/],
    ['in the second scenario', [done(0, 0), done(0, 1), ended(0)], /ended at second:2/],
    ['before it said goodbye', [ended(0), ended(1)], /ended at the end of the last scenario/],
  ])('says where the machine ended: %s', (_, lines, message) => {
    expect(() => recorderAfter(lines).finish()).toThrow(message);
  });

  it('says where the guest program gave up', () => {
    expect(() => recorderAfter([done(0, 0), '{"fatal":"fork: no memory"}'])).toThrow(
      'gave up at first:4: fork: no memory',
    );
  });

  it.each([done(2, 0), done(0, 2), '{"scenario":9,"statement":0,"skipped":"why"}'])('refuses %s', (line) => {
    expect(() => recorderAfter([line])).toThrow(/does not exist/);
  });
});
