import { afterEach, expect, it, vi } from 'vitest';
import { printLines } from '../../src/cli/output';

function captured(): string[] {
  const blocks: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((block) => {
    blocks.push(String(block));
    return true;
  });
  return blocks;
}

afterEach(() => {
  vi.restoreAllMocks();
});

it('prints many lines in a few blocks', () => {
  vi.spyOn(performance, 'now').mockReturnValue(0);
  const blocks = captured();
  const lines = Array.from({ length: 10_000 }, (_, at) => `line ${at}: ${'é'.repeat(at % 50)}`);
  printLines(lines);
  expect(blocks.length).toBeLessThan(10);
  expect(blocks.join('')).toBe(`${lines.join('\n')}\n`);
});

it('prints a line soon, where the next takes long', () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const blocks = captured();
  const slowly = function* () {
    yield 'first';
    now = 500;
    yield 'second';
    expect(blocks).toEqual(['first\nsecond\n']);
    yield 'third';
  };
  printLines(slowly());
  expect(blocks).toEqual(['first\nsecond\n', 'third\n']);
});

it('prints what was made before an error', () => {
  const blocks = captured();
  const failing = function* () {
    yield 'first';
    throw new Error('no second');
  };
  expect(() => printLines(failing())).toThrow('no second');
  expect(blocks.join('')).toBe('first\n');
});
