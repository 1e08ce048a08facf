/** What all formats draw: the rows of a panel and their boxes. */
import type { Panel } from './figure';
import { fold } from './fold';
import { allRows, type Cell, cellsOf, type Row } from './rows';

export interface Grid {
  readonly panel: Panel;
  readonly rows: readonly Row[];
  readonly cells: readonly Cell[];
}

export function gridOf(panel: Panel): Grid {
  const rows = fold(allRows(panel), panel.lanes);
  return { panel, rows, cells: cellsOf(rows, panel.lanes) };
}
