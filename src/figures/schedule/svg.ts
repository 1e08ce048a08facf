/** A schedule as SVG: one file, without scripts or fonts, in the style of the other figures. */
import { escapeXml } from '../../outcome';
import { elementAt, must } from '../../simulator';
import { DEFAULT_WIDTH } from '../layout';
import { advance, charactersIn, FONT_SIZES, lineHeight, MARGIN, textWidth } from '../layout/measures';
import type { Rect, TextStyle } from '../layout/types';
import { patternsOf, px, rectAttributes } from '../svg/shapes';
import { PATTERNS, scheduleStyleSheet } from '../svg/style';
import { wrap } from '../text';
import { barText, scheduleAlternative } from './alternative';
import { type GridColumn, type GridRow, type ScheduleGrid, scheduleGrid, switchStart } from './grid';
import type { Schedule, StateChange, SwitchRow } from './schedule';

const LINE = lineHeight('cell');
const BAR = 5;

/** From the border of a box to its text. */
const INSET = 7;

const NOTE =
  'Time runs down. A bar is a lock that the task holds: light for reading, dark for writing or alone. A dashed line is a switch to another task before the call has returned; … stands for steps with nothing to show.';

/** Positions of the drawing. */
interface Place {
  readonly grid: ScheduleGrid;
  /** Top of the first row. */
  readonly top: number;
}

function xOf(character: number): number {
  return MARGIN + character * advance('cell');
}

function columnOf({ columns }: ScheduleGrid, task: number | null): GridColumn {
  return must(
    columns.find((column) => column.task === task),
    'column of the task',
  );
}

/** A line of text; `y` is its middle. The first `strong` characters are bold. */
function textAt(x: number, y: number, text: string, style: TextStyle, quiet = false, strong = 0): string {
  const line = text.trimStart();
  const left = x + textWidth(' '.repeat(text.length - line.length), style);
  const bold = strong === 0 ? '' : `<tspan class="strong">${escapeXml(line.slice(0, strong))}</tspan>`;
  const classes = `t-${style}${quiet ? ' quiet' : ''}`;
  const at = `x="${px(left)}" y="${px(y + FONT_SIZES[style] * 0.35)}"`;
  return `<text class="${classes}" ${at}>${bold}${escapeXml(line.slice(strong))}</text>`;
}

function titled(title: string, shapes: string): string {
  return `<g><title>${escapeXml(title)}</title>${shapes}</g>`;
}

function plate(x: number, y: number, text: string): string {
  const rect = { x: x - 3, y: y - LINE / 2 + 1, width: textWidth(text, 'cell') + 6, height: LINE - 2 };
  return `<rect class="plate" ${rectAttributes(rect)}/>`;
}

/** What a step changed for all, in a box. */
function changeBox(
  { text, word }: StateChange,
  lines: readonly string[],
  x: number,
  top: number,
  width: number,
): string {
  const rect = { x: x - INSET, y: top + 1.5, width: width + 2 * INSET, height: lines.length * LINE - 3 };
  const isMarked = word !== null && PATTERNS.includes(word);
  const texts = lines.map((line, at) => {
    const y = top + (at + 0.5) * LINE;
    const indent = textWidth(' '.repeat(line.length - line.trimStart().length), 'cell');
    const strong = word === 'stale' ? line.trimStart().length : 0;
    return `${isMarked ? plate(x + indent, y, line.trimStart()) : ''}${textAt(x, y, line, 'cell', false, strong)}`;
  });
  const box = `<rect class="box ${word ?? 'other'}" ${rectAttributes(rect)} rx="2"/>`;
  return titled(text, box + texts.join(''));
}

/** From the text of a step to what it changed. */
function arrow({ grid, top: above }: Place, { row, top, own }: GridRow): string {
  const [from, to] = [columnOf(grid, row.task), columnOf(grid, null)];
  const y = above + (top + 0.5) * LINE;
  const isRight = from.x < to.x;
  const start = isRight ? xOf(from.x) + textWidth(own[0] ?? '', 'cell') + 4 : xOf(from.x) - 4;
  const end = isRight ? xOf(to.x) - INSET - 1 : xOf(to.x + to.width) + INSET + 1;
  const back = isRight ? -6 : 6;
  const point = `<path class="point" d="M${px(end)} ${px(y)}l${back} -3.5v7z"/>`;
  return `<path class="arrow" d="M${px(start)} ${px(y)}H${px(end + back)}"/>${point}`;
}

function ownLines({ grid, top: above }: Place, { row, top, own }: GridRow): string {
  const { x } = columnOf(grid, row.task);
  const strong = row.kind === 'step' ? row.label.length : 0;
  return own
    .map((line, at) => {
      const bold = row.kind === 'call' ? line.trimStart().length : at === 0 ? strong : 0;
      return textAt(xOf(x), above + (top + at + 0.5) * LINE, line, 'cell', row.kind === 'fold', bold);
    })
    .join('');
}

/** Steps that the row stands for, for those who look. */
function titleOf({ row }: GridRow): string {
  if (row.kind === 'fold') return row.steps.map(({ label }) => label).join(', ');
  return row.kind === 'step' ? `${row.label} in ${row.procedure}` : row.text;
}

function wrongBox(place: Place, { top, own }: GridRow, x: number): string {
  const width = Math.max(...own.map((line) => textWidth(line, 'cell'))) + 8;
  const rect = { x: xOf(x) - 4, y: place.top + top * LINE + 1, width, height: own.length * LINE - 2 };
  return `<rect class="wrong" ${rectAttributes(rect)} rx="2"/>`;
}

/** The line of a switch, with a gap for its text. */
function switchLine(place: Place, row: GridRow): string {
  const { grid } = place;
  const longest = Math.max(...row.own.map(({ length }) => length));
  const start = switchStart(grid, row.row.task, longest);
  const y = (at: number) => place.top + (row.top + at + 0.5) * LINE;
  const end = xOf(start) + textWidth(elementAt(row.own, 0), 'cell') + INSET;
  const parts = [
    [xOf(0), xOf(start) - INSET],
    [end, xOf(grid.width)],
  ] as const;
  const line = parts
    .filter(([from, to]) => from < to)
    .map(([from, to]) => `M${px(from)} ${px(y(0))}H${px(to)}`)
    .join('');
  const { to, wrong } = row.row as SwitchRow;
  const texts = row.own.map((text, at) => textAt(xOf(start), y(at), text, 'cell', false, text.length));
  const dashes = to === null ? '' : `<path class="switch" d="${line}"/>`;
  return dashes + (wrong ? wrongBox(place, row, start) : '') + texts.join('');
}

function rowShapes(place: Place, row: GridRow): string {
  if (row.row.kind === 'switch') return switchLine(place, row);
  const own = titled(titleOf(row), ownLines(place, row));
  if (row.row.kind !== 'step') return own;
  const { changes, wrong } = row.row;
  const { x, width } = columnOf(place.grid, null);
  let line = row.top;
  const boxes = changes.map((change, at) => {
    const lines = elementAt(row.changes, at);
    const box = changeBox(change, lines, xOf(x), place.top + line * LINE, width * advance('cell'));
    line += lines.length;
    return box;
  });
  const isOwn = wrong && !changes.some(({ word }) => word === 'stale');
  const mark = isOwn ? wrongBox(place, row, columnOf(place.grid, row.row.task).x) : '';
  return mark + own + (changes.length === 0 ? '' : arrow(place, row)) + boxes.join('');
}

function barShapes({ grid, top: above }: Place, { name, bars }: GridColumn): readonly string[] {
  return bars.map(({ bar, x }) => {
    const first = elementAt(grid.rows, bar.from);
    const end = bar.to === null ? grid.height : elementAt(grid.rows, bar.to).top + 1;
    const y = above + first.top * LINE + 3;
    const rect: Rect = { x: xOf(x) + 1, y, width: BAR, height: above + end * LINE - 3 - y };
    const shape = `<rect class="lock lock-${bar.mode}" ${rectAttributes(rect)} rx="1.5"/>`;
    return titled(barText(bar, name), shape);
  });
}

/** The part of the drawing that a task has. */
function columnBack({ grid, top }: Place, { x, width, bars }: GridColumn): string {
  const first = Math.min(x, ...bars.map((bar) => bar.x));
  const last = Math.max(x + width, ...bars.map((bar) => bar.x + 1));
  const back = { x: xOf(first) - 5, y: top - LINE - 10, width: xOf(last) - xOf(first) + 10 };
  return `<rect class="tie column" ${rectAttributes({ ...back, height: (grid.height + 1) * LINE + 14 })}/>`;
}

/** @param options.width Of the whole figure, in CSS pixels. */
export function scheduleSvg(schedule: Schedule, options: { readonly width?: number } = {}): string {
  const { title, facts, shows } = schedule;
  const { width: wanted = DEFAULT_WIDTH } = options;
  const grid = scheduleGrid(schedule, charactersIn(wanted - 2 * MARGIN, 'cell'));
  // Many tasks need more.
  const width = Math.max(wanted, Math.ceil(xOf(grid.width) + MARGIN));
  const texts: string[] = [];
  let y = MARGIN;
  const write = (text: string, style: TextStyle, quiet = false, strong = false) => {
    for (const line of wrap(text, charactersIn(width - 2 * MARGIN, style))) {
      const middle = y + lineHeight(style) / 2;
      texts.push(textAt(MARGIN, middle, line, style, quiet, strong ? line.length : 0));
      y += lineHeight(style);
    }
  };
  write(title, 'statement', false, true);
  write(facts.join('\u00a0· '), 'facts', true);
  y += 4;
  for (const text of shows) write(text, 'outcome');
  y += LINE / 2;
  const place = { grid, top: y + LINE + 6 };
  for (const column of grid.columns) {
    const isTask = column.task !== null;
    const name = column.name.slice(0, column.width);
    texts.push(textAt(xOf(column.x), y + LINE / 2, name, 'cell', !isTask, isTask ? name.length : 0));
  }
  y = place.top + grid.height * LINE + 12;
  write(NOTE, 'note', true);
  const words = new Set(
    schedule.rows.flatMap((row) => (row.kind === 'step' ? row.changes : [])).map(({ word }) => word),
  );
  const patterns = patternsOf(new Set([...words].filter((word) => word !== null)));
  const height = Math.ceil(y + MARGIN);
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="gmem-figure" ${size} role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(scheduleAlternative(schedule))}</desc>`,
    `<style>\n${scheduleStyleSheet()}\n</style>`,
    ...(patterns.length === 0 ? [] : ['<defs>', ...patterns, '</defs>']),
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...grid.columns.filter(({ task }) => task !== null).map((column) => columnBack(place, column)),
    ...grid.rows.filter(({ row }) => row.kind === 'switch').map((row) => rowShapes(place, row)),
    ...grid.columns.flatMap((column) => barShapes(place, column)),
    ...grid.rows.filter(({ row }) => row.kind !== 'switch').map((row) => rowShapes(place, row)),
    ...texts,
    '</svg>',
    '',
  ].join('\n');
}
