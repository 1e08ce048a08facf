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

describe('comparing with a recording of calls that are suspended', () => {
  const source = `kernel linux-6.12
vm sw-protected
gmem A size 64K
slot 0 gpa 1M size 64K gmem A offset 0
convert gpa 1M size 64K private
punch A offset 0 size 4K until PH3 as hole
fault vcpu 0 read gpa 1M as late
continue hole
continue late
`;
  const nothing = { faults: [], sptes: [], flush: false };
  const fault = ['0x100000', '0x100000004'] as const;
  const mapped = [
    ['0x0', 4, 'none', 'table'],
    ['0x0', 3, 'none', 'table'],
    ['0x0', 2, 'none', 'table'],
    ['0x100', 1, 'none', 'rwxad'],
  ] as const;
  /** As a kernel does it, whose fault went round that many times before the hole was punched. */
  const recorded = (rounds: number, last: number): Recording => ({
    ...{ name: 'hole and fault', kernel: 'linux-6.12', source },
    expected: [
      ...[3, 4, 5].map((line) => ({ line, result: 'ok', ...nothing })),
      { line: 6, result: 'suspended', ...nothing },
      { line: 7, result: 'retries', ...nothing, faults: Array.from({ length: rounds }, () => fault) },
      { line: 8, result: 'ok', ...nothing },
      {
        line: 9,
        result: 'ok',
        faults: Array.from({ length: last }, () => fault),
        sptes: mapped,
        flush: false,
      },
    ],
  });

  it.each([
    [1, 1],
    [7, 2],
  ])('does not count the rounds of a loop: %d and %d', (rounds, last) => {
    expect(compareRecording(recorded(rounds, last)).mismatches).toEqual([]);
  });

  it('finds a loop without a fault', () => {
    expect(compareRecording(recorded(0, 1)).mismatches.map(({ line }) => line)).toEqual([7]);
  });
});

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
