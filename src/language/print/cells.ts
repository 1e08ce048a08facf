import { must } from '../../simulator';
import { tokenize } from '../parse/lexer';
import { type ArgumentPart, groupLabel, type Part, pageLabel, partsOf } from '../table/syntax';
import { extentOf } from '../tree/extent';
import { choiceFor, flagFor, type NumberNode, nameFor, numberFor, type Statement } from '../tree/tree';

/** A well-formed statement as words: one space between them, options in the table's order, numbers as they were written. */

/** What stands in one column of statements that are alike: an argument with its label, a word. */
export interface Cell {
  /** Cells of the same column are written below each other. */
  readonly column: string;
  readonly text: string;
}

const TIGHT_BEFORE = new Set([')', ',', '..']);
const TIGHT_BEHIND = new Set(['(', '..']);

/** Arithmetic or expectations on one line, without the comments inside: one space between tokens where one belongs. */
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

/** The end of a range that begins with the argument; null where none does. */
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

/** A well-formed statement, without what is expected of it. */
export function cellsOf(statement: Statement): readonly Cell[] {
  const { keyword, spec } = statement;
  return [cell('keyword', keyword), ...partsOf(spec).flatMap((part) => partCells(statement, part))];
}

/** Canonical text of one well-formed statement, without what is expected of it. */
export function printStatement(statement: Statement): string {
  return cellsOf(statement)
    .map(({ text }) => text)
    .join(' ');
}
