import { describe, expect, test } from 'vitest';
import {
  firstKernels,
  secondKernels,
  typedKernel,
  withRemembered,
} from '../../../src/extension/comparison/kernel-items';
import { kernelText, SIMULATED_KERNELS } from '../../../src/language';

const NEW = { kernel: 'linux-7.3', knobs: {} };
const OLD = { kernel: 'linux-6.12', knobs: {} };
const TURNED = { kernel: 'linux-7.3', knobs: { 'unbind-zap': 'off' } };

const labels = (groups: ReturnType<typeof firstKernels>) =>
  groups.map(({ title, items }) => [title, ...items.slice(0, 4).map(({ label }) => label)]);

describe('the kernels to choose from', () => {
  test('begin with what the scenario says, the other real kernel, and single knobs of its own', () => {
    expect(labels(firstKernels(NEW))).toEqual([
      ['this scenario', 'linux-7.3'],
      ['kernels', 'linux-6.12', 'rfc-2023-05', 'mail-2023-05-22'],
      [
        'linux-7.3, with a knob turned',
        'range-math shifted',
        'range-math warn-and-skip',
        'gmem-invalidate always',
        'zap-filter matching',
      ],
    ]);
  });

  test('begin the second time with the other real kernel, without the first', () => {
    expect(labels(secondKernels(NEW, NEW))[0]).toEqual([
      'kernels',
      'linux-6.12',
      'rfc-2023-05',
      'mail-2023-05-22',
    ]);
    expect(labels(secondKernels(NEW, OLD)).slice(0, 2)).toEqual([
      ['kernels', 'rfc-2023-05', 'mail-2023-05-22'],
      ['this scenario', 'linux-7.3'],
    ]);
  });

  test('have the kernel without the knobs of the scenario', () => {
    expect(labels(secondKernels(TURNED, TURNED))[0]).toEqual([
      'kernels',
      'linux-6.12',
      'linux-7.3',
      'rfc-2023-05',
      'mail-2023-05-22',
    ]);
  });

  test('turn a knob besides those that are turned, and none to where it is', () => {
    const knobs = secondKernels(TURNED, TURNED).at(-1)!.items;
    expect(knobs.find(({ label }) => label === 'unbind-zap on')?.choice.knobs).toEqual({
      'unbind-zap': 'on',
    });
    expect(knobs.find(({ label }) => label === 'retry-check off')?.choice.knobs).toEqual({
      'unbind-zap': 'off',
      'retry-check': 'off',
    });
    expect(knobs.map(({ label }) => label)).not.toContain('unbind-zap off');
    expect(knobs.map(({ label }) => label)).not.toContain('range-math clamp');
    const variants = SIMULATED_KERNELS.knobs.reduce((sum, knob) => sum + knob.variants.length - 1, 0);
    expect(knobs.length).toBe(variants);
    for (const { detail } of knobs) expect(detail).not.toBe('');
  });

  test('have what was chosen last time, once', () => {
    const groups = firstKernels(NEW);
    expect(withRemembered(groups, undefined)).toBe(groups);
    expect(withRemembered(groups, OLD)).toBe(groups);
    const typed = { kernel: 'linux-6.12', knobs: { 'range-math': 'shifted', 'unbind-zap': 'off' } };
    expect(labels(withRemembered(groups, typed))[0]).toEqual([
      'last time',
      'linux-6.12 with range-math shifted with unbind-zap off',
    ]);
  });

  test.each([
    [
      'linux-6.12 with range-math shifted with unbind-zap off',
      'linux-6.12 with range-math shifted with unbind-zap off',
    ],
    [' linux-6.12  with range-math shifted ', 'linux-6.12 with range-math shifted'],
    // These are in the list.
    ['linux-6.12', undefined],
    ['linux-6.12 with', undefined],
    ['', undefined],
  ])('may be typed: %j', (text, label) => {
    const item = typedKernel(text);
    expect(item?.label).toBe(label);
    if (item !== undefined) expect(kernelText(item.choice)).toBe(label);
  });
});
