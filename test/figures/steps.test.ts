import { describe, expect, it } from 'vitest';
import { findStep } from '../../src/figures';
import { parse } from '../../src/language';
import { figureOfText } from './figures';

const TEXT = `# a comment
kernel linux-7.3
vm sw-protected

gmem A
  size 64K
punch A offset 0 size 4K
`;

describe('finding a step', () => {
  it.each([
    ['the first', '1', 0],
    ['one by its number, with kernel and vm', '3', 2],
    ['the last, where none is named', undefined, 3],
    ['one by its line', 'line:7', 3],
    ['one that goes on to a second line', 'line:6', 2],
  ])('finds %s', (_, wanted, step) => {
    expect(findStep(parse(TEXT), wanted)).toEqual({ step });
  });

  it.each([
    ['0', 'there is no statement 0: it has 4 statements'],
    ['5', 'there is no statement 5: it has 4 statements'],
    ['99999999999999999999', 'there is no statement 99999999999999999999: it has 4 statements'],
    ['line:1', 'there is no statement on line 1: the next is on line 2'],
    ['line:9', 'there is no statement on line 9: the last is on line 7'],
    ['punch', 'a step is a number or `line:` and a number, not `punch`'],
    ['-1', 'a step is a number or `line:` and a number, not `-1`'],
    ['1.5', 'a step is a number or `line:` and a number, not `1.5`'],
  ])('says of %s: %s', (wanted, problem) => {
    expect(findStep(parse(TEXT), wanted)).toEqual({ problem });
  });

  it('says that a scenario is empty', () => {
    expect(findStep(parse('# nothing\n'), undefined)).toEqual({ problem: 'the scenario has no statements' });
  });
});

describe('the figure of a step', () => {
  it.each([
    ['1', 'kernel linux-7.3', 'line 2'],
    ['3', 'gmem A size 64K', 'line 5'],
    [undefined, 'punch A offset 0 size 4K', 'line 7'],
  ])('%s has the statement in canonical form, and its place', (step, statement, place) => {
    const figure = figureOfText(TEXT, step);
    expect(figure.statement).toBe(statement);
    expect(figure.facts).toEqual(['scenario.gmem', place, 'linux-7.3', 'sw-protected VM']);
  });

  it('has nothing of what comes after it', () => {
    expect(figureOfText(TEXT, '2').panels).toEqual([]);
    expect(figureOfText(TEXT, '3').panels.length).toBe(1);
  });

  it('of what makes no call is of what the calls before it have left, in its own scenario', () => {
    const blocks = `vm sw-protected
gmem A size 64K
scenario "one" {
  kernel linux-6.12
  gmem B size 64K
}
scenario "two" {
  gmem C size 64K
}
`;
    for (const step of ['3', '4', '6']) {
      const { panels, facts } = figureOfText(blocks, step);
      expect(panels.length, facts.join()).toBe(1);
      expect(facts[1]).toBe(step === '6' ? '"two"' : '"one"');
    }
  });
});
