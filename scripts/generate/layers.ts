/** docs/layers.svg: the layers of src/ and what each imports, read from the tsconfig.json of each. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../workbench/paths';
import { directOnly, rowsOf } from './layer-graph';

/** Where a layer is drawn, and what it says of itself. Its row follows from what it imports. */
interface Drawn {
  readonly column: keyof typeof COLUMNS;
  readonly about: string;
}

const LAYERS: Readonly<Record<string, Drawn>> = {
  simulator: { column: 'all', about: 'the simulated host, KVM and guest' },
  explorer: { column: 'left', about: 'every order of calls' },
  language: { column: 'middle and right', about: 'scenarios: text, tree, diagnostics, calls' },
  outcome: { column: 'all', about: 'what statements did, compared with what is expected' },
  expressions: { column: 'all', about: 'what people ask about the machine' },
  figures: { column: 'all', about: 'pictures of a state and of its changes' },
  documents: { column: 'left', about: 'Markdown with scenarios' },
  lsp: { column: 'left', about: 'the language server' },
  dap: { column: 'middle', about: 'the debug session' },
  'memory-map': { column: 'right', about: 'draws the memory map' },
  cli: { column: 'left', about: 'the command gmemscope' },
  extension: { column: 'middle and right', about: 'starts server and session, draws what they say' },
};

interface Config {
  readonly compilerOptions: { readonly lib: readonly string[]; readonly types: readonly string[] };
  readonly references: readonly { readonly path: string }[];
}

const sources = path.join(projectRoot, 'src');

function configOf(layer: string): Config {
  return JSON.parse(readFileSync(path.join(sources, layer, 'tsconfig.json'), 'utf8'));
}

/** What the compiler lets a layer use of its surroundings. */
function surroundings({ compilerOptions: { lib, types } }: Config): string {
  if (types.includes('vscode')) return 'VS Code';
  if (types.includes('node')) return 'Node';
  if (lib.includes('DOM')) return 'browser page';
  if (lib.includes('WebWorker')) return 'web worker';
  return '';
}

const WIDTH = 720;
const MARGIN = 16;
const GAP = 24;
const BOX = { height: 46, gap: 34 };
const COLUMN = (WIDTH - 2 * MARGIN - 2 * GAP) / 3;

/** The first of three columns that a box has, and how many. */
const COLUMNS = {
  left: [0, 1],
  middle: [1, 1],
  right: [2, 1],
  'middle and right': [1, 2],
  all: [0, 3],
} as const;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function boxOf(column: keyof typeof COLUMNS, row: number, rows: number): Box {
  const [first, count] = COLUMNS[column];
  return {
    x: MARGIN + first * (COLUMN + GAP),
    y: MARGIN + (rows - 1 - row) * (BOX.height + BOX.gap),
    width: count * COLUMN + (count - 1) * GAP,
  };
}

const STYLE = [
  'text{font:13px system-ui,sans-serif;fill:#1f2328}',
  '.name{font:600 14px ui-monospace,monospace}',
  '.quiet{font-size:11px;fill:#57606a}',
  '.box{fill:#f3f4f6;stroke:#8c959f}',
  '.pure{fill:#ddeefc;stroke:#4a7fb0}',
  '.arrow{fill:none;stroke:#57606a}',
  '.head{fill:#57606a}',
  '@media(prefers-color-scheme:dark){text{fill:#e6e9ed}.quiet{fill:#a2abb5}.box{fill:#2d333a;stroke:#7b858f}',
  '.pure{fill:#1d3a55;stroke:#6aa5da}.arrow{stroke:#a2abb5}.head{fill:#a2abb5}}',
].join('');

function drawBox(layer: string, box: Box, config: Config): string {
  const { x, y, width } = box;
  const place = surroundings(config);
  const middle = x + width / 2;
  const below = [LAYERS[layer]!.about, place].filter((words) => words !== '').join(' · ');
  return [
    `<rect class="box${place === '' ? ' pure' : ''}" x="${x}" y="${y}" width="${width}" height="${BOX.height}" rx="6"/>`,
    `<text class="name" x="${middle}" y="${y + 19}" text-anchor="middle">${layer}</text>`,
    `<text class="quiet" x="${middle}" y="${y + 36}" text-anchor="middle">${below}</text>`,
  ].join('\n');
}

/** From the lower edge of what imports to the upper edge of what is imported; straight down wherever that is possible. */
function drawArrow(from: Box, to: Box): string {
  const [left, right] = [Math.max(from.x, to.x), Math.min(from.x + from.width, to.x + to.width)];
  const [top, bottom] = [from.y + BOX.height, to.y];
  if (left < right) return arrow((left + right) / 2, top, (left + right) / 2, bottom);
  // Side by side: from the near end of one to the near end of the other.
  const inset = COLUMN / 6;
  return from.x < to.x
    ? arrow(from.x + from.width - inset, top, to.x + inset, bottom)
    : arrow(from.x + inset, top, to.x + to.width - inset, bottom);
}

function arrow(x1: number, y1: number, x2: number, y2: number): string {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const point = (along: number, aside: number) =>
    `${round(x2 + dx * along - dy * aside)} ${round(y2 + dy * along + dx * aside)}`;
  const head = `M${point(-6, 4)}L${point(-6, -4)}L${point(0, 0)}z`;
  return `<path class="arrow" d="M${round(x1)} ${y1}L${point(-6, 0)}"/><path class="head" d="${head}"/>`;
}

const round = (length: number) => Math.round(length * 10) / 10;

export function layersFile(): string {
  const names = readdirSync(sources, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  for (const name of names) {
    if (LAYERS[name] === undefined)
      throw new Error(`scripts/generate/layers.ts does not say where to draw ${name}`);
  }
  const imports = new Map(
    names.map((name) => {
      const folders = configOf(name).references.map((reference) =>
        path.posix.join('src', name, reference.path),
      );
      const layers = folders
        .filter((folder) => folder.startsWith('src/'))
        .map((folder) => path.basename(folder));
      return [name, new Set(layers)] as const;
    }),
  );
  const rows = rowsOf(imports);
  const count = Math.max(...rows.values()) + 1;
  const boxes = new Map(names.map((name) => [name, boxOf(LAYERS[name]!.column, rows.get(name)!, count)]));
  const height = 2 * MARGIN + count * BOX.height + (count - 1) * BOX.gap + 20;
  const arrows = [...directOnly(imports)].flatMap(([name, below]) =>
    [...below].sort().map((other) => drawArrow(boxes.get(name)!, boxes.get(other)!)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">`,
    '<title id="title">The layers of src/: an arrow leads from a layer to those that it imports</title>',
    `<style>${STYLE}</style>`,
    ...arrows,
    ...names.map((name) => drawBox(name, boxes.get(name)!, configOf(name))),
    `<text class="quiet" x="${WIDTH / 2}" y="${height - MARGIN + 2}" text-anchor="middle">A layer may import every layer that arrows lead to from it. Blue layers load no types of Node, a browser or VS Code; lsp loads those of web workers for its timers.</text>`,
    '</svg>',
    '',
  ].join('\n');
}
