/** A schedule as plain text: 7-bit, at most 72 columns. */
import { must } from '../../simulator';
import { Canvas } from '../ascii/canvas';
import { WIDTH } from '../ascii/frame';
import { indented, plain } from '../ascii/plain';
import { type GridColumn, type GridRow, type ScheduleGrid, scheduleGrid, switchStart } from './grid';
import type { Schedule } from './schedule';

const KEY =
  'Time runs down. A bar is a lock that the task holds, : for reading and | for writing or alone. A dashed line is a switch to another task before the call has returned; ... stands for steps with nothing to show. !! marks what no kernel should do.';

const WRONG = '!! ';

function columnOf({ columns }: ScheduleGrid, task: number | null): GridColumn {
  return must(
    columns.find((column) => column.task === task),
    'column of the task',
  );
}

/** Draws what a step changed for all, and an arrow to it. */
function putShared(canvas: Canvas, grid: ScheduleGrid, { row, top, own, shared }: GridRow, y: number): void {
  if (row.kind !== 'step' || shared.length === 0) return;
  const to = columnOf(grid, null);
  const from = columnOf(grid, row.task);
  const lines = shared.flat().map(plain);
  for (const [at, line] of lines.entries()) canvas.put(to.x, y + top + at, line);
  if (from.x < to.x) {
    const start = from.x + plain(own[0] ?? '').length + 1;
    canvas.put(start, y + top, `${'-'.repeat(to.x - 2 - start)}>`);
  } else {
    const start = to.x + (lines[0] ?? '').length + 1;
    canvas.put(start, y + top, `<${'-'.repeat(from.x - 2 - start)}`);
  }
}

/** Draws the line of a switch, with the reason. */
function putSwitch(canvas: Canvas, grid: ScheduleGrid, { row, top, own }: GridRow, y: number): void {
  for (const [at, line] of own.entries()) {
    if (at === 0)
      canvas.put(
        0,
        y + top,
        '- '
          .repeat(Math.ceil(grid.width / 2))
          .slice(0, grid.width)
          .trimEnd(),
      );
    const text = plain(line);
    const x = switchStart(grid, row.task, text.length);
    canvas.put(Math.max(0, x - 1), y + top + at, x === 0 ? `${text} ` : ` ${text} `);
  }
}

function putBars(canvas: Canvas, { columns, rows, height }: ScheduleGrid, y: number): void {
  for (const { bar, x } of columns.flatMap(({ bars }) => bars)) {
    const first = must(rows[bar.from], 'row of the bar');
    const last = bar.to === null ? null : must(rows[bar.to], 'row of the bar');
    const end = last === null ? height : last.top + 1;
    for (let line = first.top; line < end; line++) {
      const isEnd = line === first.top || (last !== null && line === last.top);
      canvas.put(x, y + line, isEnd ? '+' : bar.mode === 'read' ? ':' : '|');
    }
  }
}

/** Marks rows of what no kernel should do on the left of the row's texts. */
function marked(schedule: Schedule): Schedule {
  return {
    ...schedule,
    rows: schedule.rows.map((row) => {
      if (row.kind === 'switch' && row.wrong) return { ...row, text: WRONG + row.text };
      if (row.kind !== 'step' || !row.wrong) return row;
      const [stale, ...others] = row.shared.filter(({ word }) => word === 'stale');
      if (stale === undefined || others.length > 0) {
        return { ...row, own: [...row.own.slice(0, -1), WRONG + (row.own.at(-1) ?? '')] };
      }
      return {
        ...row,
        shared: row.shared.map((one) => (one === stale ? { ...one, text: WRONG + one.text } : one)),
      };
    }),
  };
}

/** The schedule as plain text. */
export function scheduleAscii(schedule: Schedule): string {
  const { title, facts, shows } = schedule;
  const grid = scheduleGrid(marked(schedule), WIDTH);
  const canvas = new Canvas();
  for (const { name, x, width } of grid.columns) canvas.put(x, 0, plain(name).slice(0, width));
  canvas.put(0, 1, '-'.repeat(grid.width));
  const y = 2;
  for (const row of grid.rows) {
    if (row.row.kind === 'switch') {
      putSwitch(canvas, grid, row, y);
      continue;
    }
    const { x } = columnOf(grid, row.row.task);
    for (const [at, line] of row.own.entries()) canvas.put(x, y + row.top + at, plain(line));
    putShared(canvas, grid, row, y);
  }
  putBars(canvas, grid, y);
  return [
    ...indented(title, ''),
    ...indented(`(${facts.join(', ')})`, '  '),
    ...shows.flatMap((text) => indented(text, '  ')),
    '',
    ...canvas.text(),
    '',
    ...indented(KEY, ''),
    '',
  ].join('\n');
}
