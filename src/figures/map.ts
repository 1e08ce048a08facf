/**
 * A figure for an interactive view: the drawing, with the numbers and the watch targets of each of its boxes. Plain
 * data, so that it can be sent.
 */
import { CHANGE_KINDS_OF, type ChangeKind, type WatchTarget, watchText } from '../expressions';
import { elementAt } from '../simulator';
import { textAlternative } from './alternative';
import { type FigureSource, figureOf } from './build';
import type { Figure } from './figure';
import type { LaneWord } from './lane-words';
import { LEAST_WIDTH, layoutFigure, MOST_WIDTH } from './layout';
import type { Box, Layout, Rect } from './layout/types';
import { type Fact, framesOf, numbersOf } from './numbers';
import { drawing } from './svg';
import type { Transition } from './transition';

/** A box of the drawing. */
export interface Shape {
  /** Identifies the box across moments: its lane and its start. */
  readonly key: string;
  /** Its rectangle in the drawing. */
  readonly rect: Rect;
  /** A sentence: `gfn 0x801ff: zapped: a leaf of 4K`. */
  readonly about: string;
  readonly changed: boolean;
  /** Whether the last kernel step of a call in progress made it so. */
  readonly latest: boolean;
  readonly numbers: readonly Fact[];
  /** Its watch target: `gfn 0x801ff`. */
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
  /** The whole figure in sentences. */
  readonly alternative: string;
  readonly shapes: readonly Shape[];
}

/** What makes a range what it is called. */
const MAKERS: Readonly<Partial<Record<LaneWord, ChangeKind>>> = {
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

function placeOf({ vmId, after: { files } }: Transition, { panels }: Figure, box: Box): WatchTarget {
  const { axis, panel, range, lane, link } = box;
  const { kind, file: id, links } = elementAt(panels, panel);
  if (axis === 'gfn') return { kind: 'gfns', vm: vmId, ...range };
  if (kind === 'frames') return { kind: 'pfns', ...range };
  const file = files.find((one) => one.id === id);
  if (file !== undefined) {
    const [frames, ...others] = lane === 'rmp' ? framesOf(file, range) : [];
    return frames !== undefined && others.length === 0
      ? { kind: 'pfns', ...frames }
      : { kind: 'file-pages', file: file.name, ...range };
  }
  // Pages of a slot's userspace memory are watched by their gfns.
  const { gfns, base } = elementAt(links, link);
  const by = (gfns?.start ?? 0) - (base?.start ?? 0);
  return { kind: 'gfns', vm: vmId, start: range.start + by, end: range.end + by };
}

/**
 * Identifies a panel, so that keys stay valid when other panels appear or disappear. Slots without a file each count
 * their pages from 0; a slot that moves appears twice.
 */
function keyOf({ panels }: Figure, { panel, lane, range, link }: Box): string {
  const { kind, file, links } = elementAt(panels, panel);
  const { slot, gfns } = elementAt(links, link);
  const place = kind === 'slots' ? `${slot ?? ''}@${gfns?.start.toString(16) ?? ''}` : (file ?? '');
  return `${kind} ${place}/${lane}/${range.start.toString(16)}`;
}

type IsLatest = (box: Box) => boolean;

/** Which of the boxes that a statement changed were changed by its last step. */
function latestIn({ panels }: Figure, latest: Transition | null): IsLatest {
  if (latest === null) return () => false;
  const step = figureOf({ ...latest, statement: '', facts: [] }, 'change');
  return ({ panel, lane, word, changed, range }) => {
    const { kind, file } = elementAt(panels, panel);
    const same = step.panels.find((one) => one.kind === kind && one.file === file);
    const did = same?.links.flatMap(({ segments }) => segments[lane] ?? []) ?? [];
    return (
      changed &&
      did.some((one) => one.changed && one.word === word && one.start < range.end && range.start < one.end)
    );
  };
}

function shapesOf(
  figure: Figure,
  { boxes }: Layout,
  transition: Transition,
  isLatest: IsLatest,
): readonly Shape[] {
  return boxes.map((box): Shape => {
    const place = placeOf(transition, figure, box);
    const whats = CHANGE_KINDS_OF[place.kind];
    return {
      key: keyOf(figure, box),
      rect: box.rect,
      about: box.about,
      changed: box.changed,
      latest: isLatest(box),
      numbers: numbersOf(transition, elementAt(figure.panels, box.panel), box),
      place: watchText({ target: place, what: null }),
      whats,
      made: whats.find((what) => what === MAKERS[box.word]) ?? null,
    };
  });
}

/**
 * @param width Of the drawing, in CSS pixels; the drawing is wider if the texts do not fit.
 * @param latest The last kernel step, if the call is in progress: its changes are marked.
 */
export function memoryMapOf(
  source: FigureSource,
  width: number,
  latest: Transition | null = null,
): MemoryMap {
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
