/** A figure as plain text for mail, commit messages and documentation: 7-bit, at most 72 columns. */
import type { Figure } from '../figure';
import { gridOf } from '../grid';
import { keyOf } from '../key';
import { panelLines } from './panel';
import { indented } from './plain';

const BOXES = 'A box between the numbers a and b holds the pages a..b; b is exclusive.';

/** The figure, line by line. */
function asciiLines(figure: Figure): readonly string[] {
  const { statement, facts, outcome, panels, notes } = figure;
  const head = [
    ...indented(statement, ''),
    ...indented(`(${facts.join(', ')})`, '  '),
    ...(outcome.length === 0 ? [] : indented(outcome.join('; '), '  ')),
  ];
  const grids = panels.map(gridOf);
  const drawn = grids.flatMap((grid) => ['', ...indented(grid.panel.title, ''), '', ...panelLines(grid)]);
  const key =
    panels.length === 0
      ? []
      : ['', ...indented([BOXES, ...keyOf(grids, 'a range between colons').notes].join(' '), '')];
  return [
    ...head,
    ...drawn,
    ...(notes.length === 0 ? [] : ['', ...notes.flatMap((note) => indented(note, ''))]),
    ...key,
  ];
}

export function ascii(figure: Figure): string {
  return `${asciiLines(figure).join('\n')}\n`;
}
