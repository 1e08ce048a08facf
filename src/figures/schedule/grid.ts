/** The columns of a schedule, and the lines of its cells, in characters. */
import { elementAt } from '../../simulator';
import { wrap } from '../text';
import type { LockBar, Schedule, ScheduleRow } from './schedule';

/** Characters between a task and the changes: room for an arrow. */
const ARROW = 4;

/** Characters between two tasks. */
const GAP = 2;

/** Fewest characters of a column. */
const LEAST = 6;

/** Indentation of the second and later lines of a cell. */
const HANGING = 2;

/** A place for bars, in characters. */
export interface BarColumn {
  readonly bar: LockBar;
  readonly x: number;
}

export interface GridColumn {
  /** Index of the task; null for the changes. */
  readonly task: number | null;
  readonly name: string;
  readonly x: number;
  readonly width: number;
  readonly bars: readonly BarColumn[];
}

export interface GridRow {
  readonly row: ScheduleRow;
  /** Its first line and the number of its lines. */
  readonly top: number;
  readonly height: number;
  /** The lines of the task's own column. */
  readonly own: readonly string[];
  /** The lines of each change. */
  readonly changes: readonly (readonly string[])[];
}

export interface ScheduleGrid {
  readonly schedule: Schedule;
  /** All columns, in characters. */
  readonly width: number;
  readonly columns: readonly GridColumn[];
  readonly rows: readonly GridRow[];
  readonly height: number;
}

/** The text of a row in the column of its task. @param dots Stands for steps. */
function ownText(row: ScheduleRow, dots: string): string {
  switch (row.kind) {
    case 'call':
      return row.text;
    case 'step':
      return [row.label, row.own.join('; ')].filter((text) => text !== '').join(' ');
    case 'fold':
      return `${dots} ${row.text}`;
    case 'switch':
      return row.text;
  }
}

/** A word that is wider than a column, in parts that are not; names are divided behind underscores, ranges behind dots. */
function partsOf(word: string, width: number): readonly string[] {
  if (word.length <= width) return [word];
  const parts: string[] = [];
  for (const next of word.split(/(?<=_|\.\.)/)) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + next.length <= width) parts[parts.length - 1] = last + next;
    else parts.push(next);
  }
  return parts;
}

/** A text in lines; all but the first are indented. */
function hanging(whole: string, width: number): readonly string[] {
  const indent = width >= 16 ? HANGING : 0;
  const text = whole
    .split(' ')
    .flatMap((word) => partsOf(word, width - indent))
    .join(' ');
  const [first = ''] = wrap(text, width);
  const rest = text.slice(first.length).trimStart();
  if (rest === '') return [first];
  return [first, ...wrap(rest, width - indent).map((line) => ' '.repeat(indent) + line)];
}

/** Bars beside each other for locks that are held at the same time, by index of the bar. */
function placesOf(bars: readonly LockBar[]): readonly number[] {
  const ends: number[] = [];
  return bars.map(({ from, to }) => {
    const free = ends.findIndex((end) => end < from);
    const place = free < 0 ? ends.length : free;
    ends[place] = to ?? Number.POSITIVE_INFINITY;
    return place;
  });
}

/** The widths that columns get: what they need, or less for the widest. */
function shrunk(needed: readonly number[], room: number): readonly number[] {
  const widths = [...needed];
  let sum = widths.reduce((all, width) => all + width, 0);
  while (sum > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= LEAST) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    sum--;
  }
  return widths;
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

const CHANGES = 'changes';

/** Where the tasks are: the first half on the left of the changes, and the others on its right. */
function tasksLeft({ tasks }: Schedule): number {
  return Math.ceil(tasks.length / 2);
}

function columnsOf(schedule: Schedule, width: number, dots: string): readonly GridColumn[] {
  const { tasks, rows } = schedule;
  const places = tasks.map(({ locks }) => placesOf(locks));
  const barsOf = places.map((own) => (own.length === 0 ? 0 : Math.max(...own) + 2));
  const needs = tasks.map(({ name }, task) =>
    longest([
      name,
      ...rows.filter((row) => row.kind !== 'switch' && row.task === task).map((row) => ownText(row, dots)),
    ]),
  );
  const changes = rows.flatMap((row) => (row.kind === 'step' ? row.changes : []));
  const needed = [...needs, longest([CHANGES, ...changes.map(({ text }) => text)])];
  const left = tasksLeft(schedule);
  const gaps = (left - 1 + tasks.length - left - 1) * GAP + 2 * ARROW;
  const bars = barsOf.reduce((all, own) => all + own, 0);
  const widths = shrunk(needed, width - gaps - bars);

  const columns: GridColumn[] = [];
  let x = 0;
  for (const [task, { name, locks }] of tasks.entries()) {
    if (task === left) {
      const wide = elementAt(widths, tasks.length);
      columns.push({ task: null, name: CHANGES, x: x + ARROW, width: wide, bars: [] });
      x += ARROW + wide + ARROW;
    } else if (task > 0) x += GAP;
    const [own, room] = [elementAt(widths, task), elementAt(barsOf, task)];
    const isLeft = task < left;
    const place = elementAt(places, task);
    columns.push({
      task,
      name,
      x: isLeft ? x + room : x,
      width: own,
      bars: locks.map((bar, at) => ({
        bar,
        x: isLeft ? x + elementAt(place, at) : x + own + room - 1 - elementAt(place, at),
      })),
    });
    x += own + room;
  }
  return columns;
}

/** The part of a line in which the text of a switch cannot hide a bar: around the column of its task; half-open. */
function switchRoom(columns: readonly GridColumn[], task: number, total: number): readonly [number, number] {
  const own = columns.find((column) => column.task === task);
  const bars = columns.flatMap((column) => column.bars).map(({ x }) => x);
  const left = own?.x ?? 0;
  const before = bars.filter((x) => x < left);
  const behind = bars.filter((x) => x >= left + (own?.width ?? 0));
  return [before.length === 0 ? 0 : Math.max(...before) + 2, Math.min(total, ...behind.map((x) => x - 1))];
}

/** Where a text begins in the line of a switch: at its task, unless it is too long. */
export function switchStart({ columns, width }: ScheduleGrid, task: number, length: number): number {
  const x = columns.find((column) => column.task === task)?.x ?? 0;
  const [start, end] = switchRoom(columns, task, width);
  return Math.max(start, Math.min(x, end - length));
}

function switchLines(text: string, [start, end]: readonly [number, number]): readonly string[] {
  return hanging(text, Math.max(LEAST, end - start));
}

/** @param width In characters. */
export function scheduleGrid(schedule: Schedule, width: number, dots = '…'): ScheduleGrid {
  const columns = columnsOf(schedule, width, dots);
  const widthOf = (task: number | null) => columns.find((column) => column.task === task)?.width ?? LEAST;
  const total = columns.reduce(
    (most, { x, width: own, bars }) => Math.max(most, x + own, ...bars.map((bar) => bar.x + 1)),
    0,
  );
  let top = 0;
  const rows = schedule.rows.map((row): GridRow => {
    const own =
      row.kind === 'switch'
        ? switchLines(ownText(row, dots), switchRoom(columns, row.task, total))
        : hanging(ownText(row, dots), widthOf(row.task));
    const changes = row.kind === 'step' ? row.changes.map(({ text }) => hanging(text, widthOf(null))) : [];
    const height = Math.max(own.length, changes.flat().length);
    const placed = { row, top, height, own, changes };
    top += height;
    return placed;
  });
  return { schedule, width: total, columns, rows, height: top };
}
