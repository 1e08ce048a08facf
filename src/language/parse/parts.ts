import { PAGE_SHIFT } from '../../simulator';
import { EMPTY_RANGE, quote } from '../diagnostics/diagnostics';
import { nearest } from '../diagnostics/suggest';
import { nameProblem } from '../table/names';
import { CONTINUATION_WORDS, isReserved, LABELS } from '../table/statements';
import {
  type ArgumentPart,
  argumentLabels,
  argumentsIn,
  type ChoicePart,
  type EitherPart,
  isNumberRole,
  type NameRole,
  type NumberRole,
  pageLabel,
  type RequiredPart,
  type Role,
} from '../table/syntax';
import type { KnobNode, NameNode, Names, NumberNode, Numbers, Span } from '../tree/tree';
import { atSyncPoint, isNameOnNextLine, isRequiredLabel, startsStatement } from './boundaries';
import {
  type Cursor,
  errorAt,
  labelAt,
  noteCandidate,
  operatorAt,
  peek,
  previous,
  spanOf,
  take,
  textOf,
  wordAt,
} from './cursor';
import { parseExpression, startsExpression } from './expression';
import { MAX_U64 } from './numbers';

/** Parses the parts of one statement: arguments with their labels, and choices. */

/** What has been parsed of a statement so far. */
export interface Fields {
  readonly numbers: Numbers;
  readonly names: Names;
  readonly labels: Partial<Record<Role, Span>>;
  readonly choices: Record<string, NameNode>;
  readonly flags: Record<string, Span>;
  readonly knobs: KnobNode[];
  wellFormed: boolean;
  /** After an error, the part at whose label parsing continues. */
  resumeAt: RequiredPart | null;
  /** Whether there is no such part after an error. */
  givenUp: boolean;
}

export function newFields(): Fields {
  return {
    numbers: {},
    names: {},
    labels: {},
    choices: {},
    flags: {},
    knobs: [],
    wellFormed: true,
    resumeAt: null,
    givenUp: false,
  };
}

/** The current token as a message names it. */
function found(cursor: Cursor): string {
  const token = peek(cursor);
  if (token.kind === 'end') return `the end of the ${cursor.whole}`;
  if (token.lineStart) return 'the end of the line';
  return quote(textOf(cursor, token));
}

/** Where to report a missing part: at the current token, or at the previous one if the line or the file ends. */
function missingSpan(cursor: Cursor): Span {
  const token = peek(cursor);
  if (token.kind !== 'end' && !token.lineStart) return spanOf(token);
  const last = cursor.tokens[cursor.index - 1];
  return last === undefined ? spanOf(token) : spanOf(last);
}

/** Reports a missing argument, with its example. */
function reportMissing(cursor: Cursor, part: ArgumentPart): void {
  const negative = operatorAt(cursor) === '-' && peek(cursor, 1).kind === 'number';
  const message =
    isNumberRole(part.role) && negative
      ? `expected ${part.what}, found a negative number: numbers are unsigned`
      : `expected ${part.what}, for instance \`${part.example}\`, found ${found(cursor)}`;
  errorAt(cursor, 'G002', missingSpan(cursor), message);
}

/** Takes the label of an argument, or a misspelt one. Returns the label; null if it is missing. */
function parseLabel(cursor: Cursor, part: ArgumentPart): string | null {
  const labels = argumentLabels(part);
  noteCandidate(cursor, { kind: 'part', part }, true);
  const given = labels.find((label) => isRequiredLabel(cursor, label));
  if (given !== undefined) {
    take(cursor);
    return given;
  }
  const word = wordAt(cursor);
  const misspelt = word !== null && !CONTINUATION_WORDS.has(word) && !atSyncPoint(cursor);
  const meant = misspelt ? nearest(word, labels) : null;
  if (word === null || meant === null) {
    reportMissing(cursor, part);
    return null;
  }
  const message = `expected ${part.what}, found ${quote(word)}: did you mean \`${meant}\`?`;
  errorAt(cursor, 'G002', spanOf(take(cursor)), message, { replacement: meant });
  return meant;
}

/** Parses an expression as the value of an argument, and converts pages to bytes. */
function readValue(cursor: Cursor, inPages: boolean): NumberNode {
  const { span, value, names: constants } = parseExpression(cursor);
  const text = cursor.text.slice(span.start, span.end);
  const bytes = value === null || !inPages ? value : value << PAGE_SHIFT;
  const fits = bytes === null || bytes <= MAX_U64;
  if (!fits) errorAt(cursor, 'G005', span, `${quote(text)} pages, in bytes, do not fit in 64 bits`);
  return { kind: 'number', span, text, value: fits ? bytes : null, inPages, endsRange: false, constants };
}

/** Parses `..` and the end of a range, which replace the size. */
function parseRangeEnd(cursor: Cursor, start: NumberNode, fields: Fields): boolean {
  const dots = take(cursor);
  noteCandidate(cursor, { kind: 'number' }, true);
  if (!startsExpression(cursor)) {
    const example = start.inPages ? '0x80000..0x80010' : '0x80000000..0x80010000';
    errorAt(
      cursor,
      'G002',
      spanOf(dots),
      `expected the end of the range, for instance \`${example}\`, found ${found(cursor)}`,
    );
    return false;
  }
  const end = readValue(cursor, start.inPages);
  const value = start.value !== null && end.value !== null ? end.value - start.value : null;
  const empty = value !== null && value <= 0n;
  if (empty) {
    errorAt(cursor, 'G011', { start: start.span.start, end: end.span.end }, EMPTY_RANGE);
  }
  fields.numbers.size = { ...end, value: empty ? null : value, endsRange: true };
  if (value === null || empty) fields.wellFormed = false;
  return true;
}

/** Whether the next required part is a size, which a range can replace. */
function isSizeNext([next]: readonly RequiredPart[]): boolean {
  return next?.kind === 'argument' && next.role === 'size';
}

function parseNumber(
  cursor: Cursor,
  part: ArgumentPart<NumberRole>,
  inPages: boolean,
  fields: Fields,
  later: readonly RequiredPart[],
): boolean {
  if (!startsExpression(cursor)) {
    reportMissing(cursor, part);
    return false;
  }
  const node = readValue(cursor, inPages);
  fields.numbers[part.role] = node;
  if (node.value === null) fields.wellFormed = false;
  if (operatorAt(cursor) !== '..') return true;
  if (isSizeNext(later)) return parseRangeEnd(cursor, node, fields);
  const dots = spanOf(peek(cursor));
  errorAt(cursor, 'G011', dots, `expected a single number for ${part.what}, found a range`);
  return false;
}

function parseName(
  cursor: Cursor,
  part: ArgumentPart,
  role: NameRole,
  fields: Fields,
  later: readonly RequiredPart[],
): boolean {
  const word = wordAt(cursor);
  // A keyword at the start of a line is the next statement; a label is the next argument.
  const isNext =
    startsStatement(cursor) !== null || (atSyncPoint(cursor) && !isNameOnNextLine(cursor, later));
  const missing = word === null || isNext || (LABELS.has(word) && word !== part.label);
  if (missing && !(word !== null && part.defines && isTakenForName(cursor, word))) {
    reportMissing(cursor, part);
    return false;
  }
  const token = take(cursor);
  const text = textOf(cursor, token);
  fields.names[role] = { kind: 'name', span: spanOf(token), text };
  const problem = nameProblem(text, role);
  if (problem === null) return true;
  errorAt(cursor, 'G006', spanOf(token), problem);
  fields.wellFormed = false;
  return true;
}

/** `gmem slot size 2M`: a reserved word on the same line, followed by the next label. */
function isTakenForName(cursor: Cursor, word: string): boolean {
  return !peek(cursor).lineStart && isReserved(word) && LABELS.has(labelAt(cursor, 1) ?? '');
}

/** Parses a text in quotes. */
function parseTitle(cursor: Cursor, part: ArgumentPart, fields: Fields): boolean {
  if (peek(cursor).kind !== 'string') {
    reportMissing(cursor, part);
    return false;
  }
  const token = take(cursor);
  const text = textOf(cursor, token);
  const closed = text.length > 1 && text.endsWith('"');
  if (!closed) errorAt(cursor, 'G002', spanOf(token), 'the title is not closed: the final `"` is missing');
  const title = text.slice(1, closed ? -1 : undefined);
  if (closed && title.trim() === '') errorAt(cursor, 'G006', spanOf(token), 'the title is empty');
  if (!closed || title.trim() === '') fields.wellFormed = false;
  fields.names.title = { kind: 'name', span: spanOf(token), text: title };
  return true;
}

/**
 * Parses an argument into the fields; reports it and returns false if it is missing.
 * @param later The parts that must follow it.
 */
export function parseArgument(
  cursor: Cursor,
  part: ArgumentPart,
  fields: Fields,
  later: readonly RequiredPart[],
): boolean {
  const label = part.label === null ? null : parseLabel(cursor, part);
  if (label === null && part.label !== null) return false;
  if (label !== null) fields.labels[part.role] = spanOf(previous(cursor));
  noteCandidate(cursor, { kind: 'value', part }, true);
  const { role } = part;
  if (role === 'title') return parseTitle(cursor, part, fields);
  if (!isNumberRole(role)) return parseName(cursor, part, role, fields, later);
  const inPages = label !== null && label === pageLabel(part);
  return parseNumber(cursor, { ...part, role }, inPages, fields, later);
}

/** Parses one of two arguments. */
export function parseEither(
  cursor: Cursor,
  { labelled, bare }: EitherPart,
  fields: Fields,
  later: readonly RequiredPart[],
): boolean {
  noteCandidate(cursor, { kind: 'part', part: labelled }, false);
  // A word before a number must be the label, possibly misspelt.
  const word = wordAt(cursor);
  const isLabelled =
    isRequiredLabel(cursor, labelled.label) ||
    (word !== null && !LABELS.has(word) && peek(cursor, 1).kind === 'number');
  return parseArgument(cursor, isLabelled ? labelled : bare, fields, later);
}

/** Parses one of the words of a choice. */
export function parseChoice(cursor: Cursor, part: ChoicePart, fields: Fields): boolean {
  noteCandidate(cursor, { kind: 'part', part }, true);
  const word = wordAt(cursor);
  const words = part.words.map((choice) => choice.word);
  const token = peek(cursor);
  if (word !== null && words.includes(word)) {
    take(cursor);
    fields.choices[part.name] = { kind: 'name', span: spanOf(token), text: word };
    return true;
  }
  const misspelt = word !== null && !CONTINUATION_WORDS.has(word) && !atSyncPoint(cursor);
  const meant = misspelt ? nearest(word, words) : null;
  if (word === null || meant === null) {
    errorAt(cursor, 'G002', missingSpan(cursor), `expected ${part.what}, found ${found(cursor)}`);
    return false;
  }
  const message = `expected ${part.what}, found ${quote(word)}: did you mean \`${meant}\`?`;
  errorAt(cursor, 'G002', spanOf(take(cursor)), message, { replacement: meant });
  fields.choices[part.name] = { kind: 'name', span: spanOf(token), text: meant };
  fields.wellFormed = false;
  return true;
}

/** After a missing part: continues at the nearest later part that can be recognised, or gives up. */
export function skipTo(cursor: Cursor, later: readonly RequiredPart[], fields: Fields): void {
  fields.wellFormed = false;
  while (!atSyncPoint(cursor)) {
    const word = wordAt(cursor);
    const resumeAt = later.find((part) =>
      part.kind === 'choice'
        ? part.words.some((choice) => choice.word === word)
        : argumentsIn(part).some((argument) => argumentLabels(argument).includes(word ?? '')),
    );
    if (word !== null && resumeAt !== undefined) {
      fields.resumeAt = resumeAt;
      return;
    }
    take(cursor);
  }
  fields.givenUp = true;
}
