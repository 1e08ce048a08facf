import { describe, expect, test } from 'vitest';
import {
  analyze,
  applyEdits,
  kernelEdit,
  kernelNameEdit,
  kernelText,
  otherKernel,
  programAt,
  readKernel,
  scenariosOf,
} from '../../../src/language';

const SHIFTED = { kernel: 'linux-6.12', knobs: { 'range-math': 'shifted' } };

describe('a kernel as text', () => {
  test.each([
    ['linux-7.3', { kernel: 'linux-7.3', knobs: {} }],
    ['linux-6.12 with range-math shifted', SHIFTED],
    [
      'linux-6.12 with range-math shifted with unbind-zap off',
      { kernel: 'linux-6.12', knobs: { 'range-math': 'shifted', 'unbind-zap': 'off' } },
    ],
  ])('%s is read, and written again', (text, choice) => {
    expect(readKernel(text)).toEqual(choice);
    expect(kernelText(choice)).toBe(text);
  });

  test.each([
    ['', 'kernel'],
    ['linux-6.11', 'did you mean `linux-6.12`'],
    ['linux-7.3 with range-math', 'variant'],
    ['linux-7.3 with range-maths shifted', 'did you mean `range-math`'],
    ['linux-7.3 with range-math upside-down', 'has no variant'],
    ['linux-7.3 with range-math shifted with range-math clamp', 'twice'],
    ['linux-7.3\nvm tdx', 'only a kernel'],
    ['linux-7.3 => ok', ''],
  ])('%j is refused, and it is said why', (text, why) => {
    const choice = readKernel(text);
    expect(choice).toBeTypeOf('string');
    expect(choice).toContain(why);
  });

  test('is compared with the other real one first', () => {
    expect(otherKernel({ kernel: 'linux-7.3', knobs: {} }).kernel).toBe('linux-6.12');
    expect(otherKernel(SHIFTED)).toEqual({ kernel: 'linux-7.3', knobs: {} });
    expect(otherKernel({ kernel: 'rfc-2023-05', knobs: {} }).kernel).toBe('linux-7.3');
  });
});

describe('another kernel in the text', () => {
  const whole = (text: string, at = 0) => {
    const { document } = analyze(text);
    return applyEdits(text, [kernelEdit(document, scenariosOf(document)[at]!, SHIFTED)]);
  };
  const named = (text: string, at = 0) => {
    const { document } = analyze(text);
    return applyEdits(text, [kernelNameEdit(document, scenariosOf(document)[at]!, 'linux-6.12')]);
  };

  test.each([
    [
      '# note\nkernel linux-7.3 with unbind-zap off # why\nvm tdx\n',
      '# note\nkernel linux-6.12 with range-math shifted # why\nvm tdx\n',
    ],
    ['# note\n\nvm tdx\n', '# note\n\nkernel linux-6.12 with range-math shifted\nvm tdx\n'],
    ['', 'kernel linux-6.12 with range-math shifted\n'],
    ['# note', '# note\nkernel linux-6.12 with range-math shifted\n'],
  ])('takes the place of the whole statement: %j', (before, after) => expect(whole(before)).toBe(after));

  test.each([
    ['kernel linux-7.3 with unbind-zap off # why\n', 'kernel linux-6.12 with unbind-zap off # why\n'],
    ['kernel linux-7.4\n', 'kernel linux-6.12\n'],
    ['kernel\nvm tdx\n', 'kernel linux-6.12\nvm tdx\n'],
    ['vm tdx\n', 'kernel linux-6.12\nvm tdx\n'],
  ])('leaves the knobs where only its name changes: %j', (before, after) =>
    expect(named(before)).toBe(after),
  );

  const BLOCKS = `kernel linux-7.3
scenario "shared" { gmem A size 4K }
scenario "own" {
  kernel rfc-2023-05
  gmem A size 4K
}
`;

  test('is that of the block which has one, and of the file otherwise', () => {
    expect(named(BLOCKS, 0)).toBe(BLOCKS.replace('linux-7.3', 'linux-6.12'));
    expect(named(BLOCKS, 1)).toBe(BLOCKS.replace('rfc-2023-05', 'linux-6.12'));
  });

  test('belongs to the scenario around the cursor', () => {
    const { programs } = analyze(BLOCKS);
    const at = (text: string) => {
      const start = BLOCKS.indexOf(text);
      return programAt(programs, { start, end: start })?.title;
    };
    expect(at('kernel linux')).toBeUndefined();
    expect(at('"shared"')).toBe('shared');
    expect(at('kernel rfc')).toBe('own');
    expect(at('}\n')).toBe('shared');
    expect(programAt(analyze('vm tdx').programs, { start: 0, end: 0 })?.title).toBeNull();
  });
});
