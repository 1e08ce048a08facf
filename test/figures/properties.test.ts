import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii, type Figure, type Layout, layoutFigure, type Rect, svg } from '../../src/figures';
import { figureOf } from '../../src/figures/build';
import { gridOf } from '../../src/figures/grid';
import { analyze, printStatement } from '../../src/language';
import { type Executed, hex, runScenario } from '../../src/outcome';
import type { Range } from '../../src/simulator/ranges';
import { scenarios } from '../generators/scenarios';
import { snpScenarios } from '../generators/snp';
import { wildScenarios } from '../generators/wild';
import { parseXml } from './xml';

/** Upstream kernels, the historical ones with their wrong range math, SEV-SNP and TDX hosts, and nonsense. */
const texts = fc.oneof(
  scenarios({ maxStatements: 20 }),
  scenarios({ kernels: ['rfc-2023-05', 'mail-2023-05-22'], maxStatements: 20 }),
  snpScenarios({ maxStatements: 20 }),
  wildScenarios(),
);

/** Each scenario has a figure for each of its statements, and two of them. */
const RUNS = 30;

function figure(executed: Executed, show: Figure['show'] = 'change'): Figure {
  const { statement, events, before, after, vmId } = executed;
  const facts = ['scenario.gmem', `line ${statement.line}`];
  const text = printStatement(statement.statement);
  return figureOf({ call: statement.call, events, before, after, vmId, statement: text, facts }, show);
}

/** Checks the figure of every statement, as what it did and as the state after it. */
function everyFigure(check: (figure: Figure, executed: Executed) => void): void {
  fc.assert(
    fc.property(texts, (text) => {
      for (const executed of runScenario(analyze(text).programs[0])) {
        for (const show of ['change', 'state'] as const) check(figure(executed, show), executed);
      }
    }),
    { numRuns: RUNS },
  );
}

/** Ranges in any order as text, joined where they touch. */
function joined(ranges: readonly Range[]): readonly string[] {
  const all: { start: number; end: number }[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = all[all.length - 1];
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else all.push({ start, end });
  }
  return all.map(({ start, end }) => `${start.toString(16)}-${end.toString(16)}`);
}

function overlap(a: Rect, b: Rect): boolean {
  const slack = 0.01;
  return (
    a.x + slack < b.x + b.width &&
    b.x + slack < a.x + a.width &&
    a.y + slack < b.y + b.height &&
    b.y + slack < a.y + a.height
  );
}

function inside(inner: Rect, outer: Rect): boolean {
  const slack = 0.01;
  return (
    inner.x >= outer.x - slack &&
    inner.y >= outer.y - slack &&
    inner.x + inner.width <= outer.x + outer.width + slack &&
    inner.y + inner.height <= outer.y + outer.height + slack
  );
}

function firstOverlap(rects: readonly Rect[]): readonly [Rect, Rect] | null {
  const sorted = [...rects].sort((a, b) => a.y - b.y);
  for (const [at, rect] of sorted.entries()) {
    for (let next = at + 1; next < sorted.length && sorted[next]!.y < rect.y + rect.height; next++) {
      if (overlap(rect, sorted[next]!)) return [rect, sorted[next]!];
    }
  }
  return null;
}

function checkLayout(layout: Layout): void {
  const canvas = { x: 0, y: 0, width: layout.width, height: layout.height };
  for (const box of layout.boxes) {
    expect(inside(box.rect, canvas), `a box on the canvas: ${JSON.stringify(box)}`).toBe(true);
    expect(inside(box.label.rect, box.rect), `a label in its box: ${JSON.stringify(box)}`).toBe(true);
  }
  for (const label of layout.labels)
    expect(inside(label.rect, canvas), `a label on the canvas: ${JSON.stringify(label)}`).toBe(true);
  const outer = [
    ...layout.boxes.map(({ rect }) => rect),
    ...layout.labels.map(({ rect, style }) => (style === 'fold' ? null : rect)),
  ];
  expect(firstOverlap(outer.filter((rect) => rect !== null))).toBeNull();
  expect(firstOverlap(layout.labels.map(({ rect }) => rect))).toBeNull();
}

describe('the figure of any statement', () => {
  it('shows as zapped exactly the gfns of the leaves that the events say went', () => {
    everyFigure(({ show, panels }, { events }) => {
      const went = events.flatMap((event) =>
        event.type === 'sptes'
          ? event.runs.filter(
              ({ from, to }) => to === 'none' && typeof from === 'object' && from.kind === 'mapped',
            )
          : [],
      );
      const zapped = panels.flatMap(({ links }) =>
        links.flatMap(({ segments }) => [
          ...(segments['zapped-direct'] ?? []),
          ...(segments['zapped-mirror'] ?? []),
        ]),
      );
      expect(joined(zapped)).toEqual(show === 'change' ? joined(went) : []);
    });
  });

  it('has its segments in order and apart, inside what they belong to', () => {
    everyFigure(({ panels }) => {
      for (const { lanes, links } of panels) {
        for (const { segments, base, gfns } of links) {
          for (const { id, axis } of lanes) {
            const list = segments[id] ?? [];
            const range = axis === 'base' ? base : gfns;
            list.forEach(({ start, end }, at) => {
              expect(start).toBeLessThan(end);
              expect(start).toBeGreaterThanOrEqual(list[at - 1]?.end ?? range!.start);
              expect(end).toBeLessThanOrEqual(range!.end);
            });
          }
        }
      }
    });
  });

  it('can be sent as JSON', () => {
    everyFigure((one) => {
      expect(JSON.parse(JSON.stringify(one))).toEqual(one);
    });
  });

  it('has every number at which a row begins in its text and in its drawing', () => {
    everyFigure((one) => {
      const text = ascii(one);
      const labels = new Set(layoutFigure(one).labels.map((label) => label.text));
      for (const { rows } of one.panels.map(gridOf)) {
        for (const start of rows
          .flatMap(({ base, gfns }) => [base, gfns])
          .flatMap((range) => range?.start ?? [])) {
          expect(text).toContain(hex(start));
          expect(labels).toContain(hex(start));
        }
      }
    });
  });

  it('is plain text of 72 columns, of a bounded length, and the same each time', () => {
    everyFigure((one) => {
      const text = ascii(one);
      expect(text).toMatch(/^[\x20-\x7e\n]*$/);
      const lines = text.split('\n');
      expect(lines.filter((line) => line.length > 72 || line.endsWith(' '))).toEqual([]);
      expect(lines.length).toBeLessThan(120 * (one.panels.length + 1));
      expect(ascii(one)).toBe(text);
    });
  });

  it.each([480, 700, 1200])('has a place for everything at %i pixels', (width) => {
    everyFigure((one) => checkLayout(layoutFigure(one, { width })));
  });

  it('is well-formed SVG of a bounded size, the same each time', () => {
    everyFigure((one) => {
      const text = svg(one);
      expect(parseXml(text).name).toBe('svg');
      expect(text.length).toBeLessThan(60_000 * (one.panels.length + 1));
      expect(svg(one)).toBe(text);
    });
  });
});
