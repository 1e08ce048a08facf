/** A schedule as plain text: 7-bit, at most 72 columns. */
import { must } from '../../simulator';
import { Canvas } from '../ascii/canvas';
import { WIDTH } from '../ascii/frame';
import { indented, plain } from '../ascii/plain';
import { type GridColumn, type GridRow, type ScheduleGrid, scheduleGrid, switchStart } from './grid';
import type { Schedule, ScheduleRow } from './schedule';

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
function putChanges(
  canvas: Canvas,
  grid: ScheduleGrid,
  { row, top, own, changes }: GridRow,
  y: number,
): void {
  if (row.kind !== 'step' || changes.length === 0) return;
  const to = columnOf(grid, null);
  const from = columnOf(grid, row.task);
  const lines = changes.flat();
  for (const [at, line] of lines.entries()) canvas.put(to.x, y + top + at, line);
  if (from.x < to.x) {
    const start = from.x + (own[0] ?? '').length + 1;
    canvas.put(start, y + top, `${'-'.repeat(to.x - 2 - start)}>`);
  } else {
    const start = to.x + (lines[0] ?? '').length + 1;
    canvas.put(start, y + top, `<${'-'.repeat(from.x - 2 - start)}`);
  }
}

/** Draws the line of a switch, with the reason. */
function putSwitch(canvas: Canvas, grid: ScheduleGrid, { row, top, own }: GridRow, y: number): void {
  if (row.kind !== 'switch') return;
  for (const [at, line] of own.entries()) {
    if (at === 0 && row.to !== null)
      canvas.put(
        0,
        y + top,
        '- '
          .repeat(Math.ceil(grid.width / 2))
          .slice(0, grid.width)
          .trimEnd(),
      );
    const x = switchStart(grid, row.task, line.length);
    canvas.put(Math.max(0, x - 1), y + top + at, x === 0 ? `${line} ` : ` ${line} `);
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

/** A row with 7-bit characters, and what no kernel should do marked in its text. */
function plainRow(row: ScheduleRow): ScheduleRow {
  if (row.kind !== 'step') {
    const alarm = row.kind === 'switch' && row.wrong ? WRONG : '';
    return { ...row, text: alarm + plain(row.text) };
  }
  const own = row.own.map(plain);
  const changes = row.changes.map(({ word, text }) => {
    return { word, text: (word === 'stale' ? WRONG : '') + plain(text) };
  });
  const isOwn = row.wrong && !changes.some(({ word }) => word === 'stale');
  return { ...row, own: isOwn ? [...own.slice(0, -1), WRONG + (own.at(-1) ?? '')] : own, changes };
}

function plainSchedule(schedule: Schedule): Schedule {
  return {
    ...schedule,
    tasks: schedule.tasks.map(({ name, locks }) => ({ name: plain(name), locks })),
    rows: schedule.rows.map(plainRow),
  };
}

/** The schedule as plain text. */
export function scheduleAscii(schedule: Schedule): string {
  const { title, facts, shows } = schedule;
  const grid = scheduleGrid(plainSchedule(schedule), WIDTH, '...');
  const canvas = new Canvas();
  for (const { name, x, width } of grid.columns) canvas.put(x, 0, name.slice(0, width));
  canvas.put(0, 1, '-'.repeat(grid.width));
  const y = 2;
  for (const row of grid.rows) {
    if (row.row.kind === 'switch') {
      putSwitch(canvas, grid, row, y);
      continue;
    }
    const { x } = columnOf(grid, row.row.task);
    for (const [at, line] of row.own.entries()) canvas.put(x, y + row.top + at, line);
    putChanges(canvas, grid, row, y);
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
