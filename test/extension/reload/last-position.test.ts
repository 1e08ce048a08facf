import { expect, test } from 'vitest';
import { launchTo, readPosition } from '../../../src/extension/reload/last-position';

const POSITION = { program: '/a.gmem', scenario: 'a hole', name: 'a.gmem: a hole', line: 12 };

test('a position is launched up to its line, past breakpoints', () => {
  expect(launchTo(readPosition(POSITION)!)).toEqual({
    type: 'gmem',
    request: 'launch',
    name: 'a.gmem: a hole',
    program: '/a.gmem',
    scenario: 'a hole',
    stopOnEntry: true,
    stopAtLine: 12,
    passBreakpoints: true,
  });
  expect(launchTo({ ...POSITION, scenario: null })).not.toHaveProperty('scenario');
});

test.each([
  undefined,
  null,
  'a.gmem',
  {},
  { ...POSITION, program: '' },
  { ...POSITION, line: 0 },
  { ...POSITION, line: '12' },
  { ...POSITION, scenario: undefined },
  { ...POSITION, name: 3 },
])('%j is no position', (value) => {
  expect(readPosition(value)).toBeUndefined();
});
