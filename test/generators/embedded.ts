import fc from 'fast-check';

/** Markdown and reStructuredText that shows scenarios, and which parts of it an update must keep. */

export type Format = 'a.md' | 'a.rst';

/** A piece of a document: its text is kept, or an update may replace it. */
interface Piece {
  readonly text: string;
  readonly isKept: boolean;
}

export interface Embedding {
  readonly name: Format;
  readonly text: string;
  /** The text that stays, cut where an update may replace, add or remove lines. */
  readonly kept: readonly string[];
  /** Number of scenarios, runs and figures. */
  readonly count: number;
}

/** The start of the first line of what is in a list or a quotation, and of the others. */
type Place = readonly [first: string, rest: string];

const PLACES: Readonly<Record<Format, readonly Place[]>> = {
  'a.md': [
    ['', ''],
    ['- ', '  '],
    ['1. ', '   '],
    ['10) ', '    '],
    ['> ', '> '],
    ['>', '>'],
    ['> - ', '>   '],
    ['- > ', '  > '],
    ['- 1. ', '     '],
    ['  * ', '    '],
  ],
  'a.rst': [
    ['', ''],
    ['- ', '  '],
    ['+ ', '  '],
    ['1. ', '   '],
    ['#. ', '   '],
    ['(a) ', '    '],
    ['iv) ', '    '],
    ['* - ', '    '],
    ['  * - ', '      '],
    ['   ', '   '],
  ],
};

/** A line of a block, in pieces. */
type Line = readonly Piece[];

const keep = (text: string): Piece => ({ text, isKept: true });
const own = (text: string): Piece => ({ text, isKept: false });

type Statement = 'open' | 'expects' | 'comment' | 'close' | 'annotation' | 'error';

/** A scenario, in statements with numbers, so that each line of a document is unlike the others. */
function statementLines(statements: readonly Statement[], next: () => number): readonly Line[] {
  let file: string | null = `F${next()}`;
  // A scenario without statements has no figure.
  const lines: Line[] = [[keep(`gmem ${file} size 4M`), own('')]];
  for (const kind of statements) {
    const n = next();
    switch (kind) {
      case 'open':
        file = `F${n}`;
        lines.push([keep(`gmem ${file} size 4M`), own('')]);
        break;
      case 'expects':
        if (file === null) break;
        lines.push([
          keep(`allocate ${file} offset 0 size ${n * 4}K  =>`),
          own(' EINVAL'),
          keep(`  # comment ${n}`),
        ]);
        break;
      case 'comment':
        lines.push([keep(`  # comment ${n}`)]);
        break;
      case 'close':
        if (file !== null) lines.push([keep(`close ${file}  # ${n}`)]);
        file = null;
        break;
      case 'annotation':
        lines.push([own(`#: wrong ${n}`)]);
        break;
      case 'error':
        lines.push([keep(`closs F${n}`)]);
        break;
    }
  }
  return lines;
}

interface Block {
  readonly kind: 'scenario' | 'run' | 'figure' | 'drawing' | 'after' | 'other' | 'text';
  readonly place: number;
  /** Whether it begins on the line of its list item. */
  readonly isOnSign: boolean;
  readonly isNamed: boolean;
  readonly statements: readonly Statement[];
  readonly endings: readonly ('\n' | '\r\n' | '\r')[];
}

const block: fc.Arbitrary<Block> = fc.record({
  kind: fc.constantFrom(
    'scenario',
    'scenario',
    'scenario',
    'run',
    'figure',
    'drawing',
    'after',
    'other',
    'text',
  ),
  place: fc.nat(9),
  isOnSign: fc.boolean(),
  isNamed: fc.boolean(),
  statements: fc.array(
    fc.constantFrom('open', 'open', 'expects', 'comment', 'close', 'annotation', 'annotation', 'error'),
    { maxLength: 7 },
  ),
  // A line feed after a carriage return would make one line ending of two.
  endings: fc.oneof(
    fc.array(fc.constantFrom('\n', '\n', '\r\n'), { minLength: 1, maxLength: 5 }),
    fc.array(fc.constantFrom('\r', '\r\n'), { minLength: 1, maxLength: 5 }),
  ),
});

function comment(name: Format, words: string): readonly Line[] {
  return name === 'a.md' ? [[keep(`<!-- gmem: ${words} -->`)]] : [[keep(`.. gmem: ${words}`)], []];
}

function code(name: Format, language: string, body: readonly Line[]): readonly Line[] {
  if (name === 'a.md') return [[keep(`\`\`\`${language}`)], ...body, [keep('```')]];
  return [[keep(`.. code-block:: ${language}`)], [], ...body.map((line) => [keep('   '), ...line])];
}

/** The lines of a block, and the name that it gives to a scenario. */
function linesOf(
  name: Format,
  { kind, isNamed, statements }: Block,
  known: readonly string[],
  next: () => number,
): { readonly lines: readonly Line[]; readonly called?: string; readonly isChecked?: boolean } {
  const of = known.at(-1);
  const n = next();
  const shown = [[own(`wrong ${n}`)]];
  switch (kind) {
    case 'scenario':
    case 'after': {
      // Others cannot show a scenario with an error.
      const isNameable = isNamed && !statements.includes('error');
      const after = kind === 'after' && of !== undefined ? comment(name, `after ${of}`) : [];
      const naming = isNameable ? comment(name, `name s${n}`) : [];
      const lines = [...after, ...naming, ...code(name, 'gmem', statementLines(statements, next))];
      return { lines, isChecked: true, ...(isNameable ? { called: `s${n}` } : {}) };
    }
    case 'run':
    case 'figure':
      if (of === undefined) return { lines: [[keep(`text ${n}`)]] };
      return { lines: [...comment(name, `${kind} of ${of}`), ...code(name, 'text', shown)], isChecked: true };
    case 'drawing': {
      if (of === undefined) return { lines: [[keep(`text ${n}`)]] };
      const image = name === 'a.md' ? `![a](d${n}.svg)` : `.. figure:: d${n}.svg`;
      // An image after a comment is a paragraph of its own.
      return {
        lines: [...comment(name, `figure of ${of} step 1`), ...(name === 'a.md' ? [[]] : []), [keep(image)]],
        isChecked: true,
      };
    }
    case 'other':
      return { lines: code(name, 'text', [[keep(`gmem F${n} size 4M`)], [keep(`#: kept ${n}`)]]) };
    case 'text':
      return { lines: [[keep(`text ${n}`)]] };
  }
}

/** The pieces of a block in its place, with a text below that ends lists and quotations. */
function placed(
  name: Format,
  { place, isOnSign, endings }: Block,
  lines: readonly Line[],
  n: number,
): Piece[] {
  const [first, rest] = PLACES[name][place % PLACES[name].length]!;
  const all = isOnSign || first === '' ? lines : [[keep(`item ${n}`)], [], ...lines];
  let at = 0;
  const ending = () => endings[at++ % endings.length]!;
  const pieces = all.flatMap((line, index): Piece[] => {
    const prefix = index === 0 ? first : rest;
    const isBlank = line.length === 0;
    const isOwn =
      line.some(({ isKept }) => !isKept) && line.every(({ isKept, text }) => !isKept || text.trim() === '');
    const start = isBlank ? prefix.trimEnd() : prefix;
    if (isOwn) return [own(start + line.map(({ text }) => text).join('') + ending())];
    // Lines of a scenario may get others below them.
    return [keep(start), ...line, keep(ending()), own('')];
  });
  return [...pieces, keep(ending()), keep(`end ${n}${ending()}`), keep(ending())];
}

function embedding(name: Format, blocks: readonly Block[]): Embedding {
  let count = 0;
  const next = () => ++count;
  const known: string[] = [];
  let checked = 0;
  const pieces = blocks.flatMap((one) => {
    const { lines, called, isChecked = false } = linesOf(name, one, known, next);
    if (isChecked) checked++;
    if (called !== undefined) known.push(called);
    return placed(name, one, lines, next());
  });
  const kept: string[] = [''];
  for (const { text, isKept } of pieces) {
    if (isKept) kept.push(`${kept.pop()}${text}`);
    else kept.push('');
  }
  return {
    name,
    text: pieces.map(({ text }) => text).join(''),
    kept: kept.filter((text, at) => at === 0 || text !== ''),
    count: checked,
  };
}

export function embeddings(): fc.Arbitrary<Embedding> {
  return fc
    .tuple(fc.constantFrom<Format>('a.md', 'a.rst'), fc.array(block, { minLength: 1, maxLength: 6 }))
    .map(([name, blocks]) => embedding(name, blocks));
}

/** The first kept piece that is not in the text, in its order; null if all are. */
export function lostPiece({ kept }: Embedding, after: string): string | null {
  let at = 0;
  for (const [index, piece] of kept.entries()) {
    const found = after.indexOf(piece, at);
    if (found < 0 || (index === 0 && found > 0)) return piece;
    at = found + piece.length;
  }
  return null;
}
