import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareRecording, mismatchText, type Recording } from '../../../src/outcome';

const corpus = path.resolve(import.meta.dirname, '../../conformance/curated.jsonl');
const recordings = readFileSync(corpus, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recording);

function seed(): Recording {
  const found = recordings.find(({ name, kernel }) => name.startsWith('seed') && kernel === 'linux-7.3');
  if (found === undefined) throw new Error('the recording of the seed case is gone');
  return found;
}

/** The recording with one statement's outcome changed, as another kernel might have behaved. */
function doctored(line: number, change: object): Recording {
  const recording = seed();
  const expected = recording.expected.map((record) =>
    record.line === line ? { ...record, ...change } : record,
  );
  return { ...recording, expected };
}

const punchLine =
  seed()
    .source.split('\n')
    .findIndex((line) => line.startsWith('punch')) + 1;

describe('comparing with a recording', () => {
  it('agrees with what the kernel did', () => {
    const { mismatches, statements, error } = compareRecording(seed());
    expect(error).toBeNull();
    expect(mismatches).toEqual([]);
    expect(statements.length).toBe(seed().expected.length);
  });

  it.each([
    ['the result', { result: 'EINVAL' }],
    ['a missing entry', { sptes: [] }],
    ['the flush', { flush: false }],
    ['a fault', { faults: [['0x1000', '0x100000004']] }],
    ['an exit', { exit: { reason: 'mmio', gpa: '0x0', write: true } }],
    ['bytes left', { left: '0x1000' }],
  ])('finds a difference in %s', (_, change) => {
    const { mismatches } = compareRecording(doctored(punchLine, change));
    expect(mismatches.map(({ line }) => line)).toEqual([punchLine]);
  });

  it('finds the order of entries', () => {
    const sptes = seed().expected.find(({ line }) => line === punchLine)?.sptes ?? [];
    const { mismatches } = compareRecording(doctored(punchLine, { sptes: [...sptes].reverse() }));
    expect(mismatches.length).toBe(1);
  });

  it('finds statements that only one side has', () => {
    const more = { ...seed(), expected: [...seed().expected, { ...seed().expected[0]!, line: 999 }] };
    expect(compareRecording(more).mismatches.map(({ line }) => line)).toEqual([999]);
    const fewer = { ...seed(), expected: seed().expected.slice(1) };
    expect(compareRecording(fewer).mismatches.map(({ expected }) => expected)).toEqual([null]);
  });

  it('says why a scenario cannot be run', () => {
    expect(compareRecording({ ...seed(), source: 'punch\n' }).error).toMatch(/file/);
  });

  it('shows the scenario up to the line, and both sides with the first difference marked', async () => {
    const recording = doctored(punchLine, { sptes: [['0x801ff', 1, 'rwx-d', 'none']] });
    const [mismatch] = compareRecording(recording).mismatches;
    await expect(mismatchText(recording, mismatch!)).toMatchFileSnapshot('../golden/mismatch.txt');
  });
});
