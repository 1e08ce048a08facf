import { describe, expect, it } from 'vitest';
import { readOptions, soak } from '../../scripts/soak/soak';
import { firstBroken } from '../generators/invariants';

function run(args: readonly string[]): { held: boolean; lines: readonly string[] } {
  const lines: string[] = [];
  return { held: soak(readOptions(args), (line) => lines.push(line)), lines };
}

describe('soak', () => {
  it('runs as many statements as it is asked for, and says with which seed', () => {
    const { held, lines } = run(['200', '--seed', '7']);
    expect(held).toBe(true);
    expect(lines[0]).toMatch(/^seed 7, kernels linux-7\.3, linux-6\.12, /);
    const [ran] = /^[\d,]+(?= statements in .*: no violations$)/.exec(lines.at(-1)!) ?? [];
    expect(Number(ran?.replaceAll(',', ''))).toBeGreaterThanOrEqual(200);
  });

  it('prints a short scenario that breaks an invariant, and which', () => {
    const { held, lines } = run(['1_000', '--seed', '3', '--kernel', 'linux-6.12 with range-math shifted']);
    expect(held).toBe(false);
    const text = lines[lines.findIndex((line) => line.includes('found with seed')) + 1]!;
    const broken = firstBroken(text);
    expect(broken?.line).toBe(text.trimEnd().split('\n').length);
    expect(lines.at(-1)).toMatch(new RegExp(`^after line ${broken?.line}: `));
  });

  it.each([
    [['many'], 'the number of statements must be a positive number, not many'],
    [['1', '2'], 'unexpected arguments after the number of statements: 2'],
    [['--seed', '0'], '--seed must be a positive number, not 0'],
    [['--kernel', 'linux-1.0'], /^--kernel "linux-1\.0": no kernel is called/],
    [['--kernel', 'linux-7.3 with direct-map'], /^--kernel "linux-7\.3 with direct-map": expected/],
  ])('refuses %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
