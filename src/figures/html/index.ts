/**
 * A figure as an HTML page: the drawing, the outcome of the statement, and the numbers as tables. It has no script and
 * loads nothing; its content security policy enforces this.
 */
import { escapeXml, rangeText } from '../../outcome';
import { elementAt } from '../../simulator';
import type { Figure } from '../figure';
import { foldTexts } from '../fold';
import { type Grid, gridOf } from '../grid';
import type { LayoutOptions } from '../layout';
import type { Row } from '../rows';
import { svg } from '../svg';
import { sizeText } from '../text';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE = [
  ':root{color-scheme:light dark}',
  'body{margin:1.5rem auto;max-width:60rem;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;color:#1f2328;background:#fff}',
  'h1{font-size:1.25rem}h2{font-size:1.05rem;margin-top:2rem}',
  'code,td,th[scope=row]{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.85rem}',
  'h1 code{font-size:inherit}',
  'figure{margin:1rem 0;overflow-x:auto}',
  'svg{display:block}',
  '.facts{color:#57606a}',
  '.scroll{overflow-x:auto}',
  'table{border-collapse:collapse;margin:.5rem 0 1.5rem}',
  'caption{text-align:left;font-weight:bold;padding:.25rem 0}',
  'th,td{white-space:nowrap;border:1px solid #8c959f;padding:.15rem .5rem;text-align:left;font-weight:normal}',
  'thead th{color:#57606a}',
  '.changed{font-weight:bold}',
  '@media screen and (prefers-color-scheme:dark){body{color:#e6e9ed;background:#16191d}th,td{border-color:#6a737d}.facts,thead th{color:#a2abb5}}',
].join('\n');

function element(name: string, content: string, attributes = ''): string {
  return `<${name}${attributes}>${content}</${name}>`;
}

function text(name: string, content: string, attributes = ''): string {
  return element(name, escapeXml(content), attributes);
}

/** Columns of a table before those of the lanes. */
interface Columns {
  readonly base: boolean;
  readonly gfns: boolean;
}

function rowOf(row: Row, { panel }: Grid, columns: Columns): string {
  const range = (value: Row['base'], name: 'th' | 'td', attributes = '') =>
    text(name, value === null ? '' : rangeText(value), attributes);
  const head = columns.base ? range(row.base, 'th', ' scope="row"') : range(row.gfns, 'th', ' scope="row"');
  const gfns = columns.base && columns.gfns ? range(row.gfns, 'td') : '';
  const size = text('td', sizeText(row.pages));
  if (row.kind === 'fold') {
    const told = text('td', foldTexts(row).join('; '), ` colspan="${panel.lanes.length + 1}"`);
    return element('tr', head + gfns + size + told);
  }
  const slot = text('td', elementAt(panel.links, row.link).labels[0]);
  const cells = row.segments.map((segment) =>
    segment === undefined
      ? '<td></td>'
      : text('td', segment.texts[0], segment.changed ? ' class="changed"' : ''),
  );
  return element('tr', [head, gfns, size, slot, ...cells].join(''));
}

function tableOf(grid: Grid): string {
  const { panel, rows } = grid;
  const columns = {
    base: rows.some(({ base }) => base !== null),
    gfns: rows.some(({ gfns }) => gfns !== null),
  };
  const titles = [
    ...(columns.base ? [`${panel.unit}s`] : []),
    ...(columns.gfns ? ['gfns'] : []),
    'size',
    'slot',
    ...panel.lanes.map((lane) => lane.titles[0]),
  ];
  const head = titles.map((title) => text('th', title, ' scope="col"')).join('');
  return [
    '<div class="scroll"><table>',
    text('caption', panel.title),
    `<thead>${element('tr', head)}</thead>`,
    '<tbody>',
    ...rows.map((row) => rowOf(row, grid, columns)),
    '</tbody></table></div>',
  ].join('\n');
}

export function html(figure: Figure, options: LayoutOptions = {}): string {
  const { statement, facts, outcome, panels } = figure;
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8"/>',
    `<meta http-equiv="Content-Security-Policy" content="${escapeXml(POLICY)}"/>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    text('title', statement),
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    element('h1', text('code', statement)),
    text('p', facts.join(' · '), ' class="facts"'),
    ...(outcome.length === 0 ? [] : ['<h2>What it did</h2>', text('p', outcome.join(' · '))]),
    '<figure>',
    svg(figure, { ...options, head: false }).trimEnd(),
    '</figure>',
    ...(panels.length === 0 ? [] : ['<h2>Numbers</h2>', ...panels.map((panel) => tableOf(gridOf(panel)))]),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
