import {
  atSyncPoint,
  type Cursor,
  errorAt,
  expectHere,
  isNameOnNextLine,
  isRequiredLabel,
  peek,
  spanOf,
  startsStatement,
  take,
  textOf,
  wordAt,
} from './cursor';
import { quote } from './diagnostics';
import { readNumber } from './numbers';
import { CONTINUATION_WORDS, isReserved, LABELS } from './statements';
import { nearest } from './suggest';
import {
  type ArgumentPart,
  argumentsIn,
  type ChoicePart,
  type EitherPart,
  isNumberRole,
  type RequiredPart,
} from './syntax';
import type { KnobNode, NameNode, NumberNode, Span } from './tree';

/** The parts of one statement: arguments with their labels, and choices. */

/** What has been found of a statement so far. */
export interface Fields {
  readonly numbers: Record<string, NumberNode>;
  readonly names: Record<string, NameNode>;
  readonly choices: Record<string, NameNode>;
  readonly flags: Record<string, Span>;
  readonly knobs: KnobNode[];
  wellFormed: boolean;
  /** After an error, the part whose label was found further on. */
  resumeAt: RequiredPart | null;
  /** After an error, when there is no such part. */
  givenUp: boolean;
}

export function newFields(): Fields {
  return {
    numbers: {},
    names: {},
    choices: {},
    flags: {},
    knobs: [],
    wellFormed: true,
    resumeAt: null,
    givenUp: false,
  };
}

/** How the current token is named in a message. */
function found(cursor: Cursor): string {
  const token = peek(cursor);
  if (token.kind === 'end') return 'the end of the file';
  if (token.lineStart) return 'the end of the line';
  return quote(textOf(cursor, token));
}

/** Where to show that something is missing: behind what is there, when the line or the file ends. */
function missingSpan(cursor: Cursor): Span {
  const token = peek(cursor);
  if (token.kind !== 'end' && !token.lineStart) return spanOf(token);
  const last = cursor.tokens[cursor.index - 1];
  return last === undefined ? spanOf(token) : spanOf(last);
}

/** The examples carry the label; after the label has been read, only the value is missing. */
function reportMissing(cursor: Cursor, part: ArgumentPart): void {
  const negative = peek(cursor).kind === 'other' && textOf(cursor, peek(cursor)) === '-';
  const message =
    isNumberRole(part.role) && negative && peek(cursor, 1).kind === 'number'
      ? `expected ${part.what}, found a negative number: numbers are unsigned`
      : `expected ${part.what}, for instance \`${part.example}\`, found ${found(cursor)}`;
  errorAt(cursor, 'G002', missingSpan(cursor), message);
}

/** Takes the label of an argument, or a word that was meant to be it. */
function parseLabel(cursor: Cursor, part: ArgumentPart): boolean {
  if (part.label === null) return true;
  expectHere(cursor, { kind: 'part', part }, true);
  if (isRequiredLabel(cursor, part.label)) {
    take(cursor);
    return true;
  }
  const word = wordAt(cursor);
  const misspelt = word !== null && !CONTINUATION_WORDS.has(word) && !atSyncPoint(cursor);
  if (!misspelt || nearest(word, [part.label]) === null) {
    reportMissing(cursor, part);
    return false;
  }
  const message = `expected ${part.what}, found ${quote(word)}: did you mean \`${part.label}\`?`;
  errorAt(cursor, 'G002', spanOf(take(cursor)), message, { replacement: part.label });
  return true;
}

function parseNumber(cursor: Cursor, part: ArgumentPart, fields: Fields): boolean {
  if (peek(cursor).kind !== 'number') {
    reportMissing(cursor, part);
    return false;
  }
  const token = take(cursor);
  const text = textOf(cursor, token);
  const result = readNumber(text);
  const value = 'value' in result ? result.value : null;
  fields.numbers[part.name] = { kind: 'number', span: spanOf(token), text, value };
  if ('value' in result) return true;
  fields.wellFormed = false;
  if (result.problem === 'too-large') {
    errorAt(cursor, 'G005', spanOf(token), `${quote(text)} does not fit in 64 bits`);
  } else {
    const upper = text.slice(0, -1) + text.slice(-1).toUpperCase();
    const meant = 'value' in readNumber(upper) ? { replacement: upper } : undefined;
    const forms = 'a number is digits, or `0x` and hex digits, then `K`, `M`, `G` or `T` if need be';
    const hint = meant === undefined ? forms : `did you mean \`${upper}\`?`;
    errorAt(cursor, 'G004', spanOf(token), `${quote(text)} is not a number: ${hint}`, meant);
  }
  return true;
}

const FILE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function parseName(
  cursor: Cursor,
  part: ArgumentPart,
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
  fields.names[part.name] = { kind: 'name', span: spanOf(token), text };
  if (part.role !== 'file') return true;
  if (isReserved(text)) {
    errorAt(cursor, 'G006', spanOf(token), `\`${text}\` is a word of the language and cannot name a file`);
    fields.wellFormed = false;
  } else if (!FILE_NAME.test(text)) {
    const form = 'letters, digits and `_`, and does not start with a digit';
    errorAt(cursor, 'G006', spanOf(token), `${quote(text)} cannot name a file: a name has ${form}`);
    fields.wellFormed = false;
  }
  return true;
}

/** `gmem slot size 2M`: a reserved word on the same line, with the next label behind it. */
function isTakenForName(cursor: Cursor, word: string): boolean {
  return !peek(cursor).lineStart && isReserved(word) && LABELS.has(wordAt(cursor, 1) ?? '');
}

/**
 * Reads an argument into the fields; false, with a diagnostic, where it is missing.
 * @param later The parts that have to follow it.
 */
export function parseArgument(
  cursor: Cursor,
  part: ArgumentPart,
  fields: Fields,
  later: readonly RequiredPart[],
): boolean {
  if (!parseLabel(cursor, part)) return false;
  expectHere(cursor, { kind: 'value', part }, true);
  return isNumberRole(part.role) ? parseNumber(cursor, part, fields) : parseName(cursor, part, fields, later);
}

/** Reads the one of two arguments that is there. */
export function parseEither(
  cursor: Cursor,
  { labelled, bare }: EitherPart,
  fields: Fields,
  later: readonly RequiredPart[],
): boolean {
  expectHere(cursor, { kind: 'part', part: labelled }, false);
  // A word and a number: whatever the word is, the label was meant.
  const isLabelled =
    isRequiredLabel(cursor, labelled.label!) ||
    (wordAt(cursor) !== null && !LABELS.has(wordAt(cursor)!) && peek(cursor, 1).kind === 'number');
  return parseArgument(cursor, isLabelled ? labelled : bare, fields, later);
}

/** Reads one of the words of a choice. */
export function parseChoice(cursor: Cursor, part: ChoicePart, fields: Fields): boolean {
  expectHere(cursor, { kind: 'part', part }, true);
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
  if (meant === null) {
    errorAt(cursor, 'G002', missingSpan(cursor), `expected ${part.what}, found ${found(cursor)}`);
    return false;
  }
  const message = `expected ${part.what}, found ${quote(word!)}: did you mean \`${meant}\`?`;
  errorAt(cursor, 'G002', spanOf(take(cursor)), message, { replacement: meant });
  fields.choices[part.name] = { kind: 'name', span: spanOf(token), text: meant };
  fields.wellFormed = false;
  return true;
}

/** After a missing part: goes on at the nearest later part that can be recognised, or gives up. */
export function skipTo(cursor: Cursor, later: readonly RequiredPart[], fields: Fields): void {
  fields.wellFormed = false;
  while (!atSyncPoint(cursor)) {
    const word = wordAt(cursor);
    const resumeAt = later.find((part) =>
      part.kind === 'choice'
        ? part.words.some((choice) => choice.word === word)
        : argumentsIn(part).some(({ label }) => label === word),
    );
    if (word !== null && resumeAt !== undefined) {
      fields.resumeAt = resumeAt;
      return;
    }
    take(cursor);
  }
  fields.givenUp = true;
}
