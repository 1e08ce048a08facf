import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/language';
import { isOver, rehearse, statesAround } from '../../src/lsp/rehearsal';
import { BY_STEPS } from './client';

const never = () => false;

const SETUP = 'vm sw-protected\ngmem A size 4M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\n';

describe('rehearse', () => {
  test('runs to the end, and keeps the state before each statement', async () => {
    const { program, document } = analyze(`${SETUP}delete slot 0\n`);
    const rehearsal = rehearse(program, never, BY_STEPS);
    await rehearsal.finished;
    expect(rehearsal.stopped).toBeNull();
    expect(rehearsal.states.map(({ slots }) => slots.length)).toEqual([0, 0, 1, 0]);
    const { before, after } = statesAround(rehearsal, document.statements.at(-1)!);
    expect(before).toBe(rehearsal.states[2]);
    expect(after).toBe(rehearsal.states[3]);
  });

  test('a statement with an error has a state before it and none after it', async () => {
    const { program, document } = analyze(`${SETUP}punch A offset\ndelete slot 0\n`);
    const rehearsal = rehearse(program, never, BY_STEPS);
    await rehearsal.finished;
    const punch = document.statements.find(({ keyword }) => keyword === 'punch')!;
    expect(statesAround(rehearsal, punch)).toEqual({ before: rehearsal.states[2], after: null });
  });

  test('stops at its budget of steps', async () => {
    const { program } = analyze(`${SETUP}${'fault vcpu 0 write gpa 0x80000000\n'.repeat(1000)}`);
    const rehearsal = rehearse(program, never, { ...BY_STEPS, steps: 100 });
    await rehearsal.finished;
    expect(rehearsal.stopped).toBe('budget');
    expect(rehearsal.states.length).toBeLessThan(100);
    expect(isOver(rehearsal)).toBe(true);
  });

  test('stops between two slices when nobody wants it any more', async () => {
    const { program } = analyze(`${SETUP}${'fault vcpu 0 write gpa 0x80000000\n'.repeat(1000)}`);
    const rehearsal = rehearse(program, () => true, { ...BY_STEPS, slice: 0 });
    expect(isOver(rehearsal)).toBe(false);
    await rehearsal.finished;
    expect(rehearsal.stopped).toBe('cancelled');
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
    const rehearsal = rehearse(analyze(text).program, never, BY_STEPS);
    await rehearsal.finished;
    expect(rehearsal.remarks).toMatchObject([{ kind: 'livelock', statement: { line: 7 } }]);
  });
});
