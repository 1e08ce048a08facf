/**
 * A figure as a view that can be pointed at and walked through shows it: the same drawing, and what there is to know
 * and to watch about each of its boxes. Plain data, so that it can be sent.
 */
import { CHANGE_KINDS_OF, type ChangeKind, type WatchTarget, watchText } from '../expressions';
import { textAlternative } from './alternative';
import { type FigureSource, figureOf } from './build';
import type { Figure } from './figure';
import { LEAST_WIDTH, layoutFigure, MOST_WIDTH } from './layout';
import type { Box, Layout, Rect } from './layout/types';
import type { Moment } from './moment';
import { type Fact, framesOf, numbersOf } from './numbers';
import { drawing } from './svg';
import type { Word } from './words';

/** A box of the drawing. */
export interface Shape {
  /** Names what it is of, in whichever moment: its lane and where it begins. */
  readonly key: string;
  /** Where it is in the drawing. */
  readonly rect: Rect;
  /** A sentence: `gfn 0x801ff: zapped: a leaf of 4K`. */
  readonly about: string;
  readonly changed: boolean;
  /** Whether the last step of the kernel did it, of a call that is on its way. */
  readonly latest: boolean;
  readonly numbers: readonly Fact[];
  /** How a data breakpoint names its range: `gfn 0x801ff`. */
  readonly place: string;
  /** What can happen to it: `zapped`, `mapped`… */
  readonly whats: readonly ChangeKind[];
  /** What of that made it what it is; null where any of it may have. */
  readonly made: ChangeKind | null;
}

export interface MemoryMap {
  /** The drawing; its boxes are elements with `data-shape`, the index of the shape. */
  readonly svg: string;
  readonly width: number;
  readonly statement: string;
  readonly facts: readonly string[];
  readonly outcome: readonly string[];
  /** All of it in sentences. */
  readonly alternative: string;
  readonly shapes: readonly Shape[];
}

/** What makes a range what it is called. */
const MAKERS: Readonly<Partial<Record<Word, ChangeKind>>> = {
  page: 'allocated',
  allocated: 'allocated',
  freed: 'freed',
  private: 'converted',
  shared: 'converted',
  zapped: 'zapped',
  mapped: 'mapped',
  stale: 'mapped',
  mmio: 'rewritten',
};

function placeOf({ vmId, after: { files } }: Moment, { panels }: Figure, box: Box): WatchTarget {
  const { axis, panel, range, lane, link } = box;
  const { kind, file: id, links } = panels[panel]!;
  if (axis === 'gfn') return { kind: 'gfns', vm: vmId, ...range };
  if (kind === 'frames') return { kind: 'pfns', ...range };
  const file = files.find((one) => one.id === id);
  if (file !== undefined) {
    const [frames, ...others] = lane === 'rmp' ? framesOf(file, range) : [];
    return frames !== undefined && others.length === 0
      ? { kind: 'pfns', ...frames }
      : { kind: 'file-pages', file: file.name, ...range };
  }
  // Pages of a slot's userspace memory: its gfns show them.
  const { gfns, base } = links[link]!;
  const by = (gfns?.start ?? 0) - (base?.start ?? 0);
  return { kind: 'gfns', vm: vmId, start: range.start + by, end: range.end + by };
}

/**
 * Panels by what they are of, so that a key is that of the same thing where another panel comes or goes. Slots without
 * a file each have pages of their own, from 0 on; a slot that moves is there twice.
 */
function keyOf({ panels }: Figure, { panel, lane, range, link }: Box): string {
  const { kind, file, links } = panels[panel]!;
  const { slot, gfns } = links[link]!;
  const place = kind === 'slots' ? `${slot ?? ''}@${gfns?.start.toString(16) ?? ''}` : (file ?? '');
  return `${kind} ${place}/${lane}/${range.start.toString(16)}`;
}

type IsLatest = (box: Box) => boolean;

/** Which of the boxes that a statement changed its last step did. */
function latestIn({ panels }: Figure, latest: Moment | null): IsLatest {
  if (latest === null) return () => false;
  const step = figureOf({ ...latest, statement: '', facts: [] }, 'change');
  return ({ panel, lane, word, changed, range }) => {
    const { kind, file } = panels[panel]!;
    const same = step.panels.find((one) => one.kind === kind && one.file === file);
    const did = same?.links.flatMap(({ segments }) => segments[lane] ?? []) ?? [];
    return (
      changed &&
      did.some((one) => one.changed && one.word === word && one.start < range.end && range.start < one.end)
    );
  };
}

function shapesOf(figure: Figure, { boxes }: Layout, moment: Moment, isLatest: IsLatest): readonly Shape[] {
  return boxes.map((box): Shape => {
    const place = placeOf(moment, figure, box);
    const whats = CHANGE_KINDS_OF[place.kind];
    return {
      key: keyOf(figure, box),
      rect: box.rect,
      about: box.about,
      changed: box.changed,
      latest: isLatest(box),
      numbers: numbersOf(moment, figure.panels[box.panel]!, box),
      place: watchText({ target: place, what: null }),
      whats,
      made: whats.find((what) => what === MAKERS[box.word]) ?? null,
    };
  });
}

/**
 * @param width Of the drawing, in CSS pixels; where it is too narrow for texts, the drawing is wider.
 * @param latest The last step of the kernel, where the statement is on its way: what it did is marked.
 */
export function memoryMapOf(source: FigureSource, width: number, latest: Moment | null = null): MemoryMap {
  const figure = figureOf(source, 'change');
  const fitting = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width));
  const layout = layoutFigure(figure, { width: fitting, head: false });
  const isLatest = latestIn(figure, latest);
  return {
    svg: drawing(layout, isLatest),
    width: layout.width,
    statement: figure.statement,
    facts: figure.facts,
    outcome: figure.outcome,
    alternative: textAlternative(figure),
    shapes: shapesOf(figure, layout, source, isLatest),
  };
}
