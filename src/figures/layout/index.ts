/** A figure with positions, for a given width: the basis of drawings and views. */
import type { Figure } from '../figure';
import { gridOf } from '../grid';
import { type Key, keyOf } from '../key';
import { wrap } from '../text';
import { charactersIn, lineAt, lineHeight, MARGIN, textWidth } from './measures';
import { layoutPanel } from './panel';
import type { Label, Layout, Swatch, TextStyle } from './types';

export const DEFAULT_WIDTH = 700;
export const LEAST_WIDTH = 480;
export const MOST_WIDTH = 2000;

const PANEL_GAP = 16;
const SWATCH = { width: 16, height: 10 };

class Writer {
  readonly labels: Label[] = [];

  constructor(
    private readonly width: number,
    public y: number,
  ) {}

  /** Lines of text below the panels. */
  text(text: string, style: TextStyle): void {
    for (const line of wrap(text, charactersIn(this.width - 2 * MARGIN, style))) {
      const rect = lineAt(MARGIN, this.y + lineHeight(style) / 2, line, style);
      this.labels.push({ rect, text: line, style, align: 'left' });
      this.y += lineHeight(style);
    }
  }
}

/** The words with their patterns, in as many columns as fit. */
function legendOf({ words }: Key, width: number, writer: Writer): readonly Swatch[] {
  const texts = words.map(({ word, meaning }) => ({ word, text: `${word}: ${meaning}` }));
  const longest = texts.reduce((most, { text }) => Math.max(most, textWidth(text, 'legend')), 0);
  const step = SWATCH.width + 8 + longest + 16;
  const columns = Math.max(1, Math.min(2, Math.floor((width - 2 * MARGIN + 16) / step)));
  const perColumn = Math.ceil(words.length / columns);
  const top = writer.y;
  writer.y += perColumn * lineHeight('legend');
  return texts.map(({ word, text }, at): Swatch => {
    const x = MARGIN + Math.floor(at / perColumn) * step;
    const y = top + lineHeight('legend') * ((at % perColumn) + 0.5);
    const rect = lineAt(x + SWATCH.width + 8, y, text, 'legend');
    writer.labels.push({ rect, text, style: 'legend', align: 'left' });
    return { rect: { x, y: y - SWATCH.height / 2, ...SWATCH }, word };
  });
}

export interface LayoutOptions {
  /** Of the whole figure, in CSS pixels. */
  readonly width?: number;
  /** Whether the statement and its outcome are drawn above; false for a page that has them as text. */
  readonly head?: boolean;
}

function layoutHead({ statement, facts, outcome }: Figure, writer: Writer): void {
  writer.text(statement, 'statement');
  writer.text(facts.join('\u00a0· '), 'facts');
  writer.y += 4;
  writer.text(outcome.join('\u00a0· '), 'outcome');
  writer.y += PANEL_GAP;
}

export function layoutFigure(figure: Figure, options: LayoutOptions = {}): Layout {
  const { panels, notes } = figure;
  const { width = DEFAULT_WIDTH, head = true } = options;
  const writer = new Writer(width, MARGIN);
  if (head) layoutHead(figure, writer);
  const area = { x: MARGIN, width: width - 2 * MARGIN };
  const grids = panels.map(gridOf);
  const placed = grids.map((grid, at) => {
    const layout = layoutPanel(grid, at, area, writer.y);
    writer.y = layout.bottom + PANEL_GAP;
    return layout;
  });
  const key = keyOf(grids, 'a range with broken sides');
  const swatches = legendOf(key, width, writer);
  for (const note of [...notes, ...key.notes]) writer.text(note, 'note');
  return {
    width,
    height: Math.ceil(writer.y + MARGIN),
    labels: [...writer.labels, ...placed.flatMap(({ labels }) => labels)],
    outlines: placed.flatMap(({ outlines }) => outlines),
    boxes: placed.flatMap(({ boxes }) => boxes),
    ties: placed.flatMap(({ ties }) => ties),
    brackets: placed.flatMap(({ brackets }) => brackets),
    breaks: placed.flatMap(({ breaks }) => breaks),
    folds: placed.flatMap(({ folds }) => folds),
    swatches,
  };
}
