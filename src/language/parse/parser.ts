import { lastOf } from '../../simulator';
import { quote } from '../diagnostics/diagnostics';
import { assign, createReport } from '../diagnostics/report';
import { nearest } from '../diagnostics/suggest';
import { parseOutcome } from '../expectations/parse';
import { finish, type Pieces } from '../pieces';
import { isSilent, type Keyword, STATEMENTS, statementSpec } from '../table/statements';
import {
  argumentLabels,
  type FlagPart,
  type GroupPart,
  type OneOfPart,
  type OptionPart,
  optionsOf,
  optionWords,
  type RequiredPart,
  type StatementSpec,
} from '../table/syntax';
import {
  type Choices,
  type Document,
  type ExpectationNode,
  type NameNode,
  nameFor,
  numberFor,
  type Span,
  type Statement,
} from '../tree/tree';
import { atSyncPoint, isGroupLabel, startsStatement } from './boundaries';
import {
  atEnd,
  type Candidate,
  type Cursor,
  createCursor,
  errorAt,
  noteCandidate,
  operatorAt,
  peek,
  previous,
  spanOf,
  take,
  textOf,
  type Whole,
  wordAt,
} from './cursor';
import {
  beginBlock,
  endAllBlocks,
  endBlocksBefore,
  innermost,
  noBlocks,
  takeClosingBrace,
} from './open-blocks';
import { type Fields, newFields, parseArgument, parseChoice, parseEither, skipTo } from './parts';
import { define, lookUp } from './scope';

/**
 * Recursive descent over the table of statements. It never throws: a missing part gets one diagnostic, and parsing
 * continues at the next part that is present, or at the next statement.
 */

const KEYWORDS: readonly string[] = STATEMENTS.map((spec) => spec.keyword);

function parsePart(
  cursor: Cursor,
  part: RequiredPart,
  fields: Fields,
  later: readonly RequiredPart[],
): boolean {
  switch (part.kind) {
    case 'choice':
      return parseChoice(cursor, part, fields);
    case 'either':
      return parseEither(cursor, part, fields, later);
    case 'argument':
      return parseArgument(cursor, part, fields, later);
  }
}

/** Whether a range already gave the size; then the size must not be given again. */
function isGivenByRange(cursor: Cursor, part: RequiredPart, fields: Fields): boolean {
  if (part.kind !== 'argument' || numberFor(fields, part.role)?.endsRange !== true) return false;
  const label = wordAt(cursor);
  if (label === null || !argumentLabels(part).includes(label) || peek(cursor).lineStart) return true;
  errorAt(
    cursor,
    'G007',
    spanOf(peek(cursor)),
    `the range already gives the size: \`${label}\` is given twice`,
  );
  fields.wellFormed = false;
  parseArgument(cursor, part, newFields(), []);
  return true;
}

/** Parses the required parts in order; after an error, parsing continues at the next label that is found. */
function parseRequired(cursor: Cursor, spec: StatementSpec, fields: Fields): void {
  spec.required.forEach((part, position) => {
    if (fields.givenUp) return;
    const later = spec.required.slice(position + 1);
    if (fields.resumeAt !== null && fields.resumeAt !== part) return;
    fields.resumeAt = null;
    if (isGivenByRange(cursor, part, fields)) return;
    if (!parsePart(cursor, part, fields, later)) skipTo(cursor, later, fields);
  });
}

function parseFlag(cursor: Cursor, part: FlagPart, fields: Fields): void {
  const span = spanOf(take(cursor));
  if (fields.flags[part.word] === undefined) fields.flags[part.word] = span;
  else {
    errorAt(cursor, 'G007', span, `\`${part.word}\` is given twice`);
    fields.wellFormed = false;
  }
}

function parseGroup(cursor: Cursor, part: GroupPart, fields: Fields): void {
  const label = spanOf(peek(cursor));
  const first = part.parts[0];
  const twice =
    !part.repeated && (numberFor(fields, first.role) ?? nameFor(fields, first.role)) !== undefined;
  // A repeated group is parsed like the first one, but its fields are discarded.
  const into: Fields = part.repeated || twice ? newFields() : fields;
  if (twice) {
    errorAt(cursor, 'G007', label, `\`${first.label}\` is given twice`);
    fields.wellFormed = false;
  }
  const complete = part.parts.every((inner, position) =>
    parseArgument(cursor, inner, into, part.parts.slice(position + 1)),
  );
  if (!complete || !into.wellFormed) fields.wellFormed = false;
  const knob = into.names.knob;
  if (part.repeated && knob !== undefined) {
    const span = { start: label.start, end: previous(cursor).end };
    fields.knobs.push({ span, knob, variant: into.names.variant ?? null });
  }
}

function parseOneOf(cursor: Cursor, part: OneOfPart, fields: Fields): void {
  const token = take(cursor);
  const node: NameNode = { kind: 'name', span: spanOf(token), text: textOf(cursor, token) };
  const earlier = fields.choices[part.name];
  if (earlier === undefined) {
    fields.choices[part.name] = node;
    return;
  }
  const { text } = node;
  const message =
    earlier.text === text
      ? `\`${text}\` is given twice`
      : `\`${text}\` contradicts the earlier \`${earlier.text}\``;
  errorAt(cursor, 'G007', node.span, message);
  fields.wellFormed = false;
}

function parseOption(cursor: Cursor, option: OptionPart, fields: Fields): void {
  if (option.kind === 'flag') parseFlag(cursor, option, fields);
  else if (option.kind === 'one-of') parseOneOf(cursor, option, fields);
  else parseGroup(cursor, option, fields);
}

function isOption(cursor: Cursor, option: OptionPart): boolean {
  if (option.kind === 'group') return isGroupLabel(cursor, option.parts);
  const word = wordAt(cursor);
  return word !== null && optionWords(option).includes(word);
}

/** Whether an option has been given and cannot be given again. */
function isGiven(option: OptionPart, fields: Fields): boolean {
  if (option.kind === 'group') return false;
  const given = option.kind === 'flag' ? fields.flags[option.word] : fields.choices[option.name];
  return given !== undefined;
}

/** Reports text that is neither an option nor the next statement. */
function reportLeftover(cursor: Cursor, spec: StatementSpec, fields: Fields): void {
  fields.wellFormed = false;
  const found = textOf(cursor, peek(cursor));
  const meant = nearest(found, optionsOf(spec).flatMap(optionWords));
  const message =
    meant === null
      ? `unexpected ${quote(found)} after the end of \`${spec.keyword}\``
      : `\`${spec.keyword}\` has no option ${quote(found)}: did you mean \`${meant}\`?`;
  const data = meant === null ? undefined : { replacement: meant };
  errorAt(cursor, 'G003', spanOf(peek(cursor)), message, data);
}

function parseOptions(cursor: Cursor, spec: StatementSpec, fields: Fields): void {
  let reported = fields.givenUp || !fields.wellFormed;
  while (true) {
    for (const option of spec.options) {
      if (!isGiven(option, fields)) noteCandidate(cursor, { kind: 'part', part: option }, false);
    }
    const option = optionsOf(spec).find((candidate) => isOption(cursor, candidate));
    if (option !== undefined) {
      parseOption(cursor, option, fields);
      continue;
    }
    const token = peek(cursor);
    const opensBlock = spec.block === true && operatorAt(cursor) === '{';
    if (opensBlock || atSyncPoint(cursor) || (token.lineStart && !fields.givenUp)) return;
    if (!reported) reportLeftover(cursor, spec, fields);
    reported = true;
    take(cursor);
  }
}

/** Defines the constant of a `let`. */
function defineConstant(cursor: Cursor, { names, numbers, wellFormed }: Fields): boolean {
  const { constant } = names;
  if (constant === undefined) return true;
  const known = lookUp(cursor.scope, constant.text);
  if (known === undefined) {
    define(cursor.scope, {
      name: constant.text,
      value: wellFormed ? (numbers.value?.value ?? null) : null,
      span: constant.span,
    });
    return true;
  }
  const related = [{ span: known.span, message: 'first defined here' }];
  const message = `${quote(constant.text)} is already defined, and a constant cannot change`;
  errorAt(cursor, 'G013', constant.span, message, undefined, related);
  return false;
}

function expectedOutcome(
  cursor: Cursor,
  { keyword, common = [] }: StatementSpec<Keyword>,
  fields: Fields,
): ExpectationNode | null {
  if (!isSilent(keyword) && !peek(cursor).lineStart) {
    noteCandidate(cursor, { kind: 'arrow', race: cursor.race }, false);
    for (const part of cursor.race === 'in' ? [] : common) {
      if (nameFor(fields, part.parts[0].role) === undefined)
        noteCandidate(cursor, { kind: 'part', part }, false);
    }
  }
  return peek(cursor).kind === 'arrow' ? parseOutcome(cursor) : null;
}

function parseStatement(cursor: Cursor, spec: StatementSpec<Keyword>, wellFormed: boolean): Statement {
  const { report } = cursor;
  const first = report.diagnostics.length;
  const keyword = take(cursor);
  cursor.expectation = null;
  const fields = newFields();
  fields.wellFormed = wellFormed;
  parseRequired(cursor, spec, fields);
  parseOptions(cursor, spec, fields);
  if (spec.keyword === 'let' && !defineConstant(cursor, fields)) fields.wellFormed = false;
  const callSpan = { start: keyword.start, end: previous(cursor).end };
  const behindCall = report.diagnostics.length;
  const expectation = expectedOutcome(cursor, spec, fields);
  const { numbers, names, labels, knobs } = fields;
  const statement: Statement = {
    keyword: spec.keyword,
    spec,
    span: { start: keyword.start, end: previous(cursor).end },
    callSpan,
    keywordSpan: spanOf(keyword),
    numbers,
    names,
    labels,
    // The parts of the table have filled in the words of the table.
    choices: fields.choices as Choices,
    flags: fields.flags,
    knobs,
    expectation,
    wellFormed: fields.wellFormed,
  };
  assign(report, statement, report.diagnostics.slice(first, behindCall));
  if (expectation !== null) assign(report, expectation, report.diagnostics.slice(behindCall));
  return statement;
}

/** A misspelt keyword: the intended statement is parsed, so that the names it defines are known. */
function parseUnknown(cursor: Cursor): Statement | Span {
  const token = peek(cursor);
  const found = textOf(cursor, token);
  const meant = token.kind === 'word' ? nearest(found, KEYWORDS) : null;
  const spec = meant === null ? undefined : statementSpec(meant);
  if (meant !== null && spec !== undefined) {
    const message = `${quote(found)} is not a statement: did you mean \`${meant}\`?`;
    const misspelt = errorAt(cursor, 'G001', spanOf(token), message, { replacement: meant });
    const statement = parseStatement(cursor, spec, false);
    assign(cursor.report, statement, [misspelt]);
    return statement;
  }
  const message =
    token.kind === 'arrow'
      ? 'expected a statement before `=>`'
      : `expected a statement, for instance \`gmem A size 4M\`, found ${quote(found)}`;
  errorAt(cursor, 'G001', spanOf(token), message);
  take(cursor);
  while (peek(cursor).kind !== 'arrow' && !atSyncPoint(cursor)) take(cursor);
  return { start: token.start, end: previous(cursor).end };
}

interface Parsed extends Pick<Document, 'blocks' | 'races' | 'braced'> {
  readonly statements: Statement[];
  readonly skipped: Span[];
}

function* parseAll(cursor: Cursor): Pieces<Parsed> {
  const statements: Statement[] = [];
  const skipped: Span[] = [];
  const blocks = noBlocks();
  while (!atEnd(cursor)) {
    yield;
    if (operatorAt(cursor) === '}') {
      const stray = takeClosingBrace(cursor, blocks, statements);
      if (stray !== null) skipped.push(stray);
      continue;
    }
    const spec = startsStatement(cursor);
    if (spec !== null) endBlocksBefore(cursor, blocks, statements, spec);
    const parsed = spec === null ? parseUnknown(cursor) : parseStatement(cursor, spec, true);
    if (!('keyword' in parsed)) skipped.push(parsed);
    else {
      statements.push(parsed);
      beginBlock(cursor, blocks, parsed, statements);
    }
  }
  const inside = innermost(blocks);
  endAllBlocks(cursor, blocks, statements);
  // A new statement may start on a new line even if the previous one is unfinished.
  if (peek(cursor).lineStart) cursor.unfinished = false;
  noteCandidate(cursor, { kind: 'statement', inside }, false);
  const { blocks: scenarios, races, braced } = blocks;
  return { statements, blocks: scenarios, races, braced, skipped };
}

/** Parses a text, in pieces. Whatever the text is, the result is a tree and a list of diagnostics. */
export function* parseInPieces(text: string, whole: Whole): Pieces<Document> {
  const cursor = yield* createCursor(text, createReport(), whole);
  const parsed = yield* parseAll(cursor);
  return { text, ...parsed, comments: cursor.comments, ...cursor.report };
}

/** As parseInPieces(), at once. */
export function parse(text: string, whole: Whole = 'file'): Document {
  return finish(parseInPieces(text, whole));
}

/** What may be written at an offset, for completion. */
export interface CandidatesAt {
  /** The statement that contains the offset or precedes it; null before the first. */
  readonly statement: Statement | null;
  readonly candidates: readonly Candidate[];
  /** The word being typed, which a completion replaces; may be empty. */
  readonly prefix: Span;
  /** The first word of the expectation that contains the offset, as written; null outside expectations. */
  readonly expectation: string | null;
}

const WORD_BEFORE = /[\p{L}\p{N}_.-]*$/u;
const LONGEST_PREFIX = 200;

/** Parses up to an offset, without the word being typed there, and returns what could follow. */
export function candidatesAt(text: string, offset: number): CandidatesAt {
  const before = text.slice(Math.max(0, offset - LONGEST_PREFIX), offset);
  const word = before.slice(before.search(WORD_BEFORE));
  // After two dots comes the end of a range.
  const start = offset - lastOf(word.split('..')).length;
  const cursor = finish(createCursor(text.slice(0, start), createReport()));
  const { statements } = finish(parseAll(cursor));
  const comment = cursor.comments.at(-1);
  const inComment = comment !== undefined && !/[\r\n]/.test(text.slice(comment.span.end, start));
  return {
    statement: statements.at(-1) ?? null,
    candidates: inComment ? [] : cursor.candidates,
    prefix: { start, end: offset },
    expectation: inComment || peek(cursor).lineStart ? null : cursor.expectation,
  };
}
