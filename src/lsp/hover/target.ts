import {
  type Analysis,
  type ArgumentPart,
  argumentsIn,
  type ExpectationItem,
  type NameNode,
  type NumberNode,
  nameFor,
  numberFor,
  type Occurrence,
  occurrenceAt,
  type Part,
  pageLabel,
  partsOf,
  QUANTIFIERS,
  type Span,
  type Statement,
  VIOLATIONS,
  type WordDoc,
} from '../../language';
import { statementAt } from '../positions';

/** Finds what is at an offset, in terms of the table of statements. */

export type Target = { readonly statement: Statement; readonly span: Span } & (
  | { readonly kind: 'keyword' }
  | { readonly kind: 'number'; readonly part: ArgumentPart; readonly node: NumberNode }
  | { readonly kind: 'name'; readonly part: ArgumentPart; readonly node: NameNode }
  | { readonly kind: 'constant'; readonly place: Occurrence }
  /** A slot or a file named in an expectation. */
  | { readonly kind: 'expected-name'; readonly place: Occurrence }
  | { readonly kind: 'expectation'; readonly item: ExpectationItem }
  /** The number or the range of an expectation. */
  | { readonly kind: 'expected-number'; readonly item: ExpectationItem }
  /** `scenario` and its title. */
  | { readonly kind: 'header' }
  /** A word of the syntax: a label, a choice, a flag. */
  | { readonly kind: 'word'; readonly doc: WordDoc }
);

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

type SinglePart = Exclude<Part, { kind: 'group' | 'either' }>;

/** All parts of a syntax, including nested ones. */
function flat(parts: readonly Part[]): readonly SinglePart[] {
  return parts.flatMap((part): readonly SinglePart[] =>
    part.kind === 'group' || part.kind === 'either' ? argumentsIn(part) : [part],
  );
}

function argumentAt(statement: Statement, parts: readonly Part[], offset: number): Target | null {
  for (const part of flat(parts)) {
    if (part.kind !== 'argument') continue;
    const number = numberFor(statement, part.role);
    if (number !== undefined && holds(number.span, offset)) {
      return { kind: 'number', statement, part, node: number, span: number.span };
    }
    const name = nameFor(statement, part.role);
    if (name !== undefined && holds(name.span, offset)) {
      return { kind: 'name', statement, part, node: name, span: name.span };
    }
  }
  return null;
}

function knobAt(statement: Statement, parts: readonly Part[], offset: number): Target | null {
  for (const knob of statement.knobs) {
    for (const node of [knob.knob, knob.variant]) {
      const role = node === knob.knob ? 'knob' : 'variant';
      const part = flat(parts).find((candidate) => candidate.kind === 'argument' && candidate.role === role);
      if (node === null || part?.kind !== 'argument' || !holds(node.span, offset)) continue;
      return { kind: 'name', statement, part, node, span: node.span };
    }
  }
  return null;
}

const WORD = /[A-Za-z][A-Za-z-]*/g;

/** Documentation of a word of the statement's syntax. */
function wordDoc(statement: Statement, word: string): WordDoc | null {
  for (const option of partsOf(statement.spec)) {
    if (option.kind === 'group' && option.parts[0]?.label === word) return { word, doc: option.doc };
  }
  for (const part of flat(partsOf(statement.spec))) {
    if (part.kind === 'flag' && part.word === word) return part;
    if (part.kind === 'choice' || part.kind === 'one-of') {
      const found = part.words.find((candidate) => candidate.word === word);
      if (found !== undefined) return found;
    }
    if (part.kind !== 'argument') continue;
    if (part.label === word) return { word, doc: `Before ${part.what}.` };
    if (pageLabel(part) === word) return { word, doc: `Before ${part.what}, counted in pages of 4K.` };
  }
  return null;
}

function wordAt(statement: Statement, text: string, offset: number): Target | null {
  const { start, end } = statement.callSpan;
  for (const match of text.slice(start, end).matchAll(WORD)) {
    const span = { start: start + match.index, end: start + match.index + match[0].length };
    if (!holds(span, offset)) continue;
    const doc = wordDoc(statement, match[0]);
    if (doc !== null) return { kind: 'word', statement, doc, span };
  }
  return null;
}

/** A constant, at its definition or a use. */
function constantAt(analysis: Analysis, statement: Statement, offset: number): Target | null {
  const place = occurrenceAt(analysis.symbols, offset);
  if (place?.statement !== statement || place.symbol.kind !== 'constant') return null;
  return { kind: 'constant', statement, place, span: place.span };
}

/** `always`, `never` or `sometimes` before an item. */
function quantifierTarget(
  statement: Statement,
  { quantifier, quantifierSpan }: Pick<ExpectationItem, 'quantifier' | 'quantifierSpan'>,
  offset: number,
): Target | null {
  if (quantifierSpan === null || !holds(quantifierSpan, offset)) return null;
  const doc = QUANTIFIERS.find(({ word }) => word === quantifier);
  return doc === undefined ? null : { kind: 'word', statement, doc, span: quantifierSpan };
}

/** A word of the expectation behind the brace of a race. */
function raceWordAt({ document: { races } }: Analysis, offset: number): Target | null {
  for (const { header, expectation } of races) {
    const item = expectation?.items.find(({ span }) => holds(span, offset));
    if (item === undefined) continue;
    const doc = VIOLATIONS.find(({ word }) => word === item.what);
    const quantifier = quantifierTarget(header, item, offset);
    if (quantifier !== null || doc === undefined) return quantifier;
    return { kind: 'word', statement: header, doc, span: item.word };
  }
  return null;
}

/** An item after `=>`: a name, the word that starts an expectation, or a number. */
function expectationAt(analysis: Analysis, statement: Statement, offset: number): Target | null {
  const { expectation } = statement;
  if (expectation === null || !holds(expectation.span, offset)) return null;
  const place = occurrenceAt(analysis.symbols, offset);
  if (place?.inExpectation === true) return { kind: 'expected-name', statement, place, span: place.span };
  const item = expectation.items.find(({ span }) => holds(span, offset));
  if (item === undefined) return null;
  const quantifier = quantifierTarget(statement, item, offset);
  if (quantifier !== null) return quantifier;
  if (holds(item.word, offset)) return { kind: 'expectation', statement, item, span: item.word };
  return { kind: 'expected-number', statement, item, span: item.span };
}

export function targetAt(analysis: Analysis, offset: number): Target | null {
  const raceWord = raceWordAt(analysis, offset);
  if (raceWord !== null) return raceWord;
  const statement = statementAt(analysis, offset);
  if (statement === null) return null;
  if (statement.keyword === 'scenario') return { kind: 'header', statement, span: statement.span };
  if (holds(statement.keywordSpan, offset))
    return { kind: 'keyword', statement, span: statement.keywordSpan };
  const inComment = analysis.document.comments.some(({ span }) => span.start < offset && offset <= span.end);
  if (inComment) return null;
  const parts = partsOf(statement.spec);
  return (
    constantAt(analysis, statement, offset) ??
    expectationAt(analysis, statement, offset) ??
    argumentAt(statement, parts, offset) ??
    knobAt(statement, parts, offset) ??
    wordAt(statement, analysis.document.text, offset)
  );
}
