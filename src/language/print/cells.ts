import { must } from '../../simulator';
import { tokenize } from '../parse/lexer';
import { type ArgumentPart, groupLabel, type Part, pageLabel, partsOf } from '../table/syntax';
import { extentOf } from '../tree/extent';
import { choiceFor, flagFor, type NumberNode, nameFor, numberFor, type Statement } from '../tree/tree';

/** Prints a well-formed statement: single spaces, options in the order of the table, numbers as written. */

/** The unit of alignment: an argument with its label, or a word. */
export interface Cell {
  /** Cells with the same column name are aligned. */
  readonly column: string;
  readonly text: string;
}

const TIGHT_BEFORE = new Set([')', ',', '..']);
const TIGHT_BEHIND = new Set(['(', '..']);

/** Prints arithmetic or expectations on one line, without comments, with spaces between tokens where needed. */
export function tokensText(text: string): string {
  let printed = '';
  let before = '(';
  for (const { kind, start, end } of tokenize(text).tokens) {
    if (kind === 'end') break;
    const token = text.slice(start, end);
    printed += TIGHT_BEFORE.has(token) || TIGHT_BEHIND.has(before) ? token : ` ${token}`;
    before = token;
  }
  return printed;
}

/** The end of the range that begins with the argument; null if there is none. */
function rangeEnd(statement: Statement, part: ArgumentPart): NumberNode | null {
  const extent = extentOf(statement);
  return extent?.part === part && extent.size.endsRange ? extent.size : null;
}

function cell(column: string, ...words: readonly (string | null)[]): Cell {
  return { column, text: words.filter((word) => word !== null).join(' ') };
}

function argumentCells(statement: Statement, part: ArgumentPart): Cell[] {
  const { role } = part;
  const name = nameFor(statement, role);
  if (name !== undefined) {
    return [cell(role, part.label, role === 'title' ? `"${name.text}"` : name.text)];
  }
  const number = must(numberFor(statement, role), `${role} in the statement`);
  if (number.endsRange) return [];
  const label = number.inPages ? pageLabel(part) : part.label;
  const end = rangeEnd(statement, part);
  if (end === null) return [cell(role, label, tokensText(number.text))];
  return [cell(`${role}..`, label, `${tokensText(number.text)}..${tokensText(end.text)}`)];
}

function partCells(statement: Statement, part: Part): Cell[] {
  switch (part.kind) {
    case 'choice':
    case 'one-of': {
      const word = choiceFor(statement, part)?.text;
      return word === undefined ? [] : [cell(part.name, word)];
    }
    case 'either':
      return argumentCells(
        statement,
        numberFor(statement, part.labelled.role) === undefined ? part.bare : part.labelled,
      );
    case 'flag':
      return flagFor(statement, part) === undefined ? [] : [cell(part.word, part.word)];
    case 'argument':
      return argumentCells(statement, part);
    case 'group': {
      if (part.repeated) {
        return statement.knobs.map(({ knob, variant }) =>
          cell('knob', groupLabel(part), knob.text, variant?.text ?? null),
        );
      }
      const first = part.parts[0].role;
      const given = numberFor(statement, first) ?? nameFor(statement, first);
      return given === undefined ? [] : part.parts.flatMap((inner) => argumentCells(statement, inner));
    }
  }
}

/** The cells of a well-formed statement, without its expectations. */
export function cellsOf(statement: Statement): readonly Cell[] {
  const { keyword, spec } = statement;
  return [cell('keyword', keyword), ...partsOf(spec).flatMap((part) => partCells(statement, part))];
}

/** The canonical text of a well-formed statement, without its expectations. */
export function printStatement(statement: Statement): string {
  return cellsOf(statement)
    .map(({ text }) => text)
    .join(' ');
}
