/** A figure as plain text for mail, commit messages and documentation: 7-bit, at most 72 columns. */
import type { Figure } from '../figure';
import { gridOf } from '../grid';
import { keyOf } from '../key';
import { wrap } from '../text';
import { WIDTH } from './frame';
import { panelLines } from './panel';

const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/ · /g, '; '],
  [/→/g, '->'],
  [/×/g, 'x'],
  [/…/g, '...'],
  [/[^\x20-\x7e]/g, '?'],
];

/** The text with 7-bit characters only. */
function plain(text: string): string {
  return PLAIN.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}

const BOXES = 'A box between the numbers a and b holds the pages a..b; b is exclusive.';

function indented(text: string, indent: string): readonly string[] {
  return wrap(plain(text), WIDTH - indent.length).map((line) => indent + line);
}

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
