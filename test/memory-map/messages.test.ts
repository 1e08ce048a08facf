import { describe, expect, it } from 'vitest';
import { readFromPage, readToPage } from '../../src/memory-map/messages';

const shape = {
  key: 'file0/file/0',
  rect: { x: 0, y: 0, width: 10, height: 10 },
  about: 'page 0x0: a page',
  changed: false,
  latest: false,
  numbers: [['size', '4K']],
  place: 'A pages 0x0',
  whats: ['zapped'],
  made: null,
};

const map = {
  svg: '<svg/>',
  statement: 'close A',
  source: 'a.gmem, line 3',
  where: 'after statement 2 of 2',
  facts: 'a.gmem',
  outcome: ['freed A'],
  alternative: 'freed A.',
  shapes: [shape],
  course: { unit: 'moment', at: 3, first: 0, last: 9, previousStatement: null, nextStatement: 4 },
  breakpoints: ['slot 0'],
  answers: 0,
};

describe('what the page says', () => {
  it.each([
    [{ type: 'width', width: 400 }],
    [{ type: 'goTo', at: -1, request: 3 }],
    [{ type: 'made', place: 'gfn 0x80000', what: 'zapped' }],
    [{ type: 'breakpoint', place: 'slot 0', what: null }],
    [{ type: 'source' }],
  ])('%j is read', (message) => {
    expect(readFromPage({ ...message, more: 1 })).toEqual(message);
  });

  it.each([
    [undefined],
    ['width'],
    [{}],
    [{ type: 'width', width: 0 }],
    [{ type: 'width', width: '400' }],
    [{ type: 'goTo', at: 1.5, request: 1 }],
    [{ type: 'goTo', at: 1 }],
    [{ type: 'made', place: 1, what: null }],
    [{ type: 'breakpoint', place: 'slot 0' }],
    [{ type: 'command', command: 'workbench.action.quit' }],
  ])('%j is passed over', (message) => {
    expect(readFromPage(message)).toBeUndefined();
  });
});

describe('what the page receives', () => {
  it('is a map, or a notice', () => {
    expect(readToPage({ type: 'map', map })).toEqual({ type: 'map', map });
    expect(readToPage({ type: 'notice', text: 'no' })).toEqual({ type: 'notice', text: 'no', clears: false });
  });

  it.each([
    ['no map', undefined],
    ['no drawing', { ...map, svg: undefined }],
    ['a course without an end', { ...map, course: { ...map.course, last: null } }],
    ['a course of something else', { ...map, course: { ...map.course, unit: 'hour' } }],
    ['a shape that is nowhere', { ...map, shapes: [{ ...shape, rect: { x: 0 } }] }],
    ['numbers without names', { ...map, shapes: [{ ...shape, numbers: [['4K']] }] }],
    ['breakpoints that are no texts', { ...map, breakpoints: [1] }],
  ])('is nothing with %s', (_, broken) => {
    expect(readToPage({ type: 'map', map: broken })).toBeUndefined();
  });
});
