import { describe, expect, test } from 'vitest';
import { directOnly, type Imports, rowsOf } from '../../scripts/generate/layer-graph';

const graph = (edges: Record<string, readonly string[]>): Imports =>
  new Map(Object.entries(edges).map(([layer, below]) => [layer, new Set(below)]));

const LAYERS = graph({ base: [], middle: ['base'], aside: [], top: ['middle', 'base', 'aside'] });

describe('the graph of the layers', () => {
  test('has a layer one row below the lowest that imports it', () => {
    expect(Object.fromEntries(rowsOf(LAYERS))).toEqual({ base: 0, middle: 1, aside: 1, top: 2 });
  });

  test('draws no import that another one has already', () => {
    expect([...directOnly(LAYERS).get('top')!]).toEqual(['middle', 'aside']);
  });

  test.each([
    ['a circle', { one: ['two'], two: ['one'] }, 'a circle of layers'],
    ['a layer that is not there', { one: ['two'] }, 'two is imported and does not exist'],
  ])('refuses %s', (_, edges, message) => {
    expect(() => rowsOf(graph(edges))).toThrow(message);
  });
});
