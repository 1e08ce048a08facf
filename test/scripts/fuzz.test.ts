import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUZZERS, fuzz, readFuzzOptions } from '../../scripts/soak/fuzz';

describe('the fuzzers', () => {
  it('each try a few inputs, and print with which seed', { timeout: 0 }, async () => {
    const lines: string[] = [];
    expect(await fuzz(readFuzzOptions(['--seconds', '1', '--seed', '7']), (line) => lines.push(line))).toBe(
      true,
    );
    expect(lines[0]).toMatch(
      /^seed 7, text, incremental, walks, documents, frames, hostile, races, orders, rows$/,
    );
    for (const { name } of FUZZERS)
      expect(lines).toContainEqual(expect.stringMatching(`^${name}: \\d+ inputs`));
  });

  it('print the smallest input that they find, and its seed', async () => {
    const property = fc.property(fc.nat(1000), (number) => number < 10);
    const fuzzers = [{ name: 'small', holds: 'numbers are small', property }];
    const lines: string[] = [];
    expect(await fuzz({ fuzzers, seconds: 1, seed: 3 }, (line) => lines.push(line))).toBe(false);
    expect(lines.join('\n')).toMatch(/small, found with --seed 3[\s\S]*\[\n {2}10\n\]/);
  });

  it.each([
    [['--fuzz', 'nothing'], /there is no fuzzer nothing: --fuzz takes text, .* or all/],
    [['--seconds', '0'], '--seconds must be a positive number, not 0'],
  ])('refuse %j', (args, message) => {
    expect(() => readFuzzOptions(args)).toThrow(message);
  });
});
