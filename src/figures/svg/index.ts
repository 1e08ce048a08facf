/** A figure as SVG: one file, without scripts or fonts, that follows the light or dark theme and prints light. */
import { escapeXml } from '../../outcome';
import { textAlternative } from '../alternative';
import type { Figure } from '../figure';
import { type LayoutOptions, layoutFigure } from '../layout';
import { FONT_SIZES, textWidth } from '../layout/measures';
import type { Box, Bracket, Break, Label, Layout, Outline, Rect, TextStyle, Tie } from '../layout/types';
import { patternsOf, px, rectAttributes } from './shapes';
import { PATTERNS, styleSheet } from './style';

const QUIET: ReadonlySet<TextStyle> = new Set(['facts', 'head', 'size', 'none', 'legend', 'note']);
const STRONG: ReadonlySet<TextStyle> = new Set(['statement', 'title', 'slot', 'keyword']);

function textOf({ rect, text, align, style }: Label, strong = STRONG.has(style)): string {
  const anchor = { left: 'start', middle: 'middle', right: 'end' }[align];
  const x = align === 'left' ? rect.x : align === 'middle' ? rect.x + rect.width / 2 : rect.x + rect.width;
  // The baseline: letters extend a third of their size below the middle of the line.
  const y = rect.y + rect.height / 2 + FONT_SIZES[style] * 0.35;
  const classes = [`t-${style}`, QUIET.has(style) ? 'quiet' : null, strong ? 'strong' : null];
  const named = classes.filter((one) => one !== null).join(' ');
  const side = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text class="${named}" x="${px(x)}" y="${px(y)}"${side}>${escapeXml(text)}</text>`;
}

/** A pattern would run through the text, so the text gets a plate. */
function plateOf({ rect: { x, y, width, height }, text, style }: Label): string {
  const gap = 2;
  const wide = textWidth(text, style);
  const plate = { x: x + (width - wide) / 2 - gap, y: y - 1, width: wide + 2 * gap, height: height + 2 };
  return `<rect class="plate" ${rectAttributes(plate)}/>`;
}

/** The shapes of a box, without its name. */
function boxShapes({ rect, word, changed, label }: Box): string {
  const inner = { x: rect.x + 1.5, y: rect.y + 1.5, width: rect.width - 3, height: rect.height - 3 };
  const plate = PATTERNS.includes(word) ? plateOf(label) : '';
  const text = textOf(label, changed || word === 'stale' || word === 'misplaced');
  const classes = `box ${word}${changed ? ' changed' : ''}`;
  return `<rect class="${classes}" ${rectAttributes(inner)} rx="2"/>${plate}${text}`;
}

/** A box whose title appears on hover. */
function titledBox(box: Box): string {
  return `<g><title>${escapeXml(box.about)}</title>${boxShapes(box)}</g>`;
}

/** A box of an interactive view: it can be focused and has a label for screen readers. */
function focusableBox(box: Box, at: number, isLatest: boolean): string {
  const news = isLatest ? ' (changed by the last step)' : box.changed ? ' (changed)' : '';
  const name = `${box.about}${news}`;
  const { x, y } = box.rect;
  const flag = isLatest ? `<path class="flag" d="M${px(x)} ${px(y)}h11l-11 11z"/>` : '';
  const attributes = `role="button" aria-haspopup="menu" tabindex="-1" data-shape="${at}"`;
  return `<g class="shape" ${attributes} aria-label="${escapeXml(name)}">${boxShapes(box)}${flag}</g>`;
}

function outlineOf({ rect, borders }: Outline): string {
  const lines = borders.map((x) => `M${px(x)} ${px(rect.y)}v${px(rect.height)}`).join('');
  const inner = borders.length === 0 ? '' : `<path class="border" d="${lines}"/>`;
  return `<rect class="outline" ${rectAttributes(rect)}/>${inner}`;
}

function tieOf({ left, right }: Tie): string {
  const points = [
    [left.x, left.top],
    [right.x, right.top],
    [right.x, right.bottom],
    [left.x, left.bottom],
  ] as const;
  const band = `<path class="tie" d="M${points.map(([x, y]) => `${px(x)} ${px(y)}`).join('L')}z"/>`;
  const edge = (from: number, to: number) => `M${px(left.x)} ${px(from)}L${px(right.x)} ${px(to)}`;
  return `${band}<path class="edge" d="${edge(left.top, right.top)}${edge(left.bottom, right.bottom)}"/>`;
}

function bracketOf({ x, top, bottom, opens }: Bracket): string {
  const arm = opens === 'right' ? 5 : -5;
  return `<path class="bracket" d="M${px(x + arm)} ${px(top + 1)}H${px(x)}V${px(bottom - 1)}H${px(x + arm)}"/>`;
}

/** Two strokes across a shortened line. */
function breakOf({ x, y }: Break): string {
  const cut = `<path class="plate" d="M${px(x - 4)} ${px(y)}l8 -4v4l-8 4z"/>`;
  return `${cut}<path class="break" d="M${px(x - 4)} ${px(y)}l8 -4m-8 8l8 -4"/>`;
}

/** Numbers are on the lines around a fold. */
function onFold({ rect, style }: Label, folds: Layout['folds']): boolean {
  return style === 'number' && folds.some((fold) => overlaps(fold.rect, rect));
}

function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** The shapes, from back to front. */
function shapesOf(layout: Layout, boxOf: (box: Box, at: number) => string): readonly string[] {
  const { labels, outlines, boxes, ties, brackets, breaks, folds, swatches } = layout;
  return [
    `<rect class="paper" width="${layout.width}" height="${layout.height}"/>`,
    ...ties.map(tieOf),
    ...outlines.map(outlineOf),
    ...folds.map(({ rect }) => `<rect class="fold" ${rectAttributes(rect)}/>`),
    ...boxes.map(boxOf),
    ...breaks.map(breakOf),
    ...brackets.map(bracketOf),
    ...swatches.map(({ rect, word }) => `<rect class="box ${word}" ${rectAttributes(rect)}/>`),
    ...labels.map((label) => (onFold(label, folds) ? plateOf(label) : '') + textOf(label)),
  ];
}

interface Frame {
  readonly attributes: string;
  /** The head of the file, before all shapes. */
  readonly head: readonly string[];
  readonly boxOf: (box: Box, at: number) => string;
}

function written(layout: Layout, { attributes, head, boxOf }: Frame): readonly string[] {
  const words = new Set([...layout.boxes, ...layout.swatches].map(({ word }) => word));
  const patterns = patternsOf(words);
  const size = `width="${layout.width}" height="${layout.height}" viewBox="0 0 ${layout.width} ${layout.height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="gmem-figure" ${size} ${attributes}>`,
    ...head,
    ...patterns.map((pattern, at) => (at === 0 ? `<defs>${pattern}` : pattern)),
    ...(patterns.length > 0 ? ['</defs>'] : []),
    ...shapesOf(layout, boxOf),
    '</svg>',
  ];
}

export interface SvgOptions extends LayoutOptions {
  /** Without its style sheet, for a page that includes `pageStyleSheet`. */
  readonly bare?: boolean;
}

export function svg(figure: Figure, options: SvgOptions = {}): string {
  const head = [
    `<title>${escapeXml(figure.statement)}</title>`,
    `<desc>${escapeXml(textAlternative(figure))}</desc>`,
    ...(options.bare ? [] : [`<style>\n${styleSheet()}\n</style>`]),
  ];
  const frame = { attributes: 'role="img"', head, boxOf: titledBox };
  return [...written(layoutFigure(figure, options), frame), ''].join('\n');
}

/**
 * The same without colours, for a view that has its own and whose boxes can be walked with the keyboard; boxes changed
 * by the last step have a flag in their corner.
 */
export function drawing(layout: Layout, isLatest: (box: Box) => boolean): string {
  const boxOf = (box: Box, at: number) => focusableBox(box, at, isLatest(box));
  const frame = {
    attributes: 'role="group" aria-label="Memory: arrow keys go from box to box"',
    head: [],
    boxOf,
  };
  return written(layout, frame).join('\n');
}
