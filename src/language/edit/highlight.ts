import type { Analysis } from '../analysis';
import { EXPECTATION_LABELS } from '../expectations/table';
import { SIMULATED_KERNELS } from '../kernels/catalogue';
import { type Token, tokenize } from '../parse/lexer';
import { VM_TYPES } from '../table/statements';
import { argumentsOf, groupLabel, type Role } from '../table/syntax';
import { isDefinedBefore, type Occurrence } from '../tree/symbols';
import {
  type ExpectationNode,
  type NameNode,
  type NumberNode,
  nameFor,
  numberFor,
  type RaceExpectationNode,
  type Span,
  type Statement,
} from '../tree/tree';

/** Classifies the words, numbers and signs of a document, for semantic highlighting. */

export const TOKEN_CLASSES = [
  'keyword',
  'label',
  'number',
  'operator',
  'title',
  'file',
  'slot',
  'constant',
  'call',
  'step',
  'choice',
  'flag',
  'kernel',
  'vm',
  'knob',
  'variant',
  'expectation',
] as const;

export type TokenClass = (typeof TOKEN_CLASSES)[number];

export interface ClassifiedToken {
  readonly span: Span;
  readonly class: TokenClass;
  /** Whether it defines a name. */
  readonly defines: boolean;
  /** Whether it names something that does not exist. */
  readonly unknown: boolean;
}

/** The class of names, by role; names of other roles are fixed words. */
const NAME_CLASSES: Readonly<Partial<Record<Role, TokenClass>>> = {
  file: 'file',
  constant: 'constant',
  call: 'call',
  task: 'call',
  step: 'step',
  kernel: 'kernel',
  vm: 'vm',
  title: 'title',
};

const KERNELS: ReadonlySet<string> = new Set(SIMULATED_KERNELS.kernels.map(({ name }) => name));
const TYPES: ReadonlySet<string> = new Set(VM_TYPES.map(({ word }) => word));
const VARIANTS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  SIMULATED_KERNELS.knobs.map(({ name, variants }) => [
    name,
    new Set(variants.map((variant) => variant.name)),
  ]),
);

function token(span: Span, kind: TokenClass, more: Partial<ClassifiedToken> = {}): ClassifiedToken {
  return { span, class: kind, defines: false, unknown: false, ...more };
}

type Places = ReadonlyMap<number, Occurrence>;

/** Where files, slots and constants are named, by offset; for a constant in a slot's number, the constant. */
function placesOf({ symbols }: Analysis): Places {
  return new Map(symbols.occurrences.map((occurrence) => [occurrence.span.start, occurrence]));
}

function isUnknown(place: Occurrence | undefined): boolean {
  return place !== undefined && !place.creates && !isDefinedBefore(place);
}

function nameToken({ span, text }: NameNode, role: Role, defines: boolean, places: Places): ClassifiedToken {
  const unknown =
    (role === 'kernel' && !KERNELS.has(text)) ||
    (role === 'vm' && !TYPES.has(text)) ||
    ((role === 'file' || role === 'constant' || role === 'call') && isUnknown(places.get(span.start)));
  return token(span, NAME_CLASSES[role] ?? 'choice', { defines, unknown });
}

function arithmeticClass({ kind }: Token): TokenClass {
  return kind === 'number' ? 'number' : kind === 'word' ? 'constant' : 'operator';
}

/** The tokens of a number or an expression. */
function numberTokens(text: string, span: Span, places: Places): readonly ClassifiedToken[] {
  return tokenize(text)
    .tokens.filter(({ kind }) => kind !== 'end')
    .map((one) => {
      const at = { start: span.start + one.start, end: span.start + one.end };
      const kind = arithmeticClass(one);
      return token(at, kind, { unknown: kind === 'constant' && isUnknown(places.get(at.start)) });
    });
}

const LITERAL = /^\w+$/;

function tokensOfNumber(
  { text, span, constants }: NumberNode,
  role: Role,
  defines: boolean,
  places: Places,
): readonly ClassifiedToken[] {
  const isLiteral = constants.length === 0 && LITERAL.test(text);
  if (role === 'slot' && isLiteral) {
    return [token(span, 'slot', { defines, unknown: isUnknown(places.get(span.start)) })];
  }
  return isLiteral ? [token(span, 'number')] : numberTokens(text, span, places);
}

/** The offsets of `always`, `never` and `sometimes`. */
function quantifiersOf(items: readonly { readonly quantifierSpan: Span | null }[]): ReadonlySet<number> {
  return new Set(items.flatMap(({ quantifierSpan }) => quantifierSpan?.start ?? []));
}

/** The tokens of the expectation of a race, including its arrow. */
function raceTokens(source: string, { span, items }: RaceExpectationNode): readonly ClassifiedToken[] {
  const quantifiers = quantifiersOf(items);
  return tokenize(source.slice(span.start, span.end)).tokens.flatMap(({ kind, start, end }) => {
    const at = { start: span.start + start, end: span.start + end };
    if (kind === 'end' || kind === 'other') return [];
    if (kind !== 'word') return [token(at, kind === 'number' ? 'number' : 'operator')];
    return [token(at, quantifiers.has(at.start) ? 'flag' : 'expectation')];
  });
}

/** The tokens of an outcome, including its arrow. */
function outcomeTokens(source: string, outcome: ExpectationNode, places: Places): readonly ClassifiedToken[] {
  const { span, items, names } = outcome;
  const heads = new Set(items.map(({ word }) => word.start));
  const quantifiers = quantifiersOf(items);
  const named = new Map(names.map((name) => [name.span.start, name]));
  const found: ClassifiedToken[] = [];
  for (const { kind, start, end } of tokenize(source.slice(span.start, span.end)).tokens) {
    const at = { start: span.start + start, end: span.start + end };
    const name = named.get(at.start);
    const word = source.slice(at.start, at.end);
    if (kind === 'end' || kind === 'other') continue;
    if (name !== undefined) found.push(token(at, name.role, { unknown: isUnknown(places.get(at.start)) }));
    else if (kind === 'number') found.push(token(at, 'number'));
    else if (kind !== 'word') found.push(token(at, 'operator'));
    else if (quantifiers.has(at.start)) found.push(token(at, 'flag'));
    else if (heads.has(at.start)) found.push(token(at, 'expectation'));
    else found.push(token(at, EXPECTATION_LABELS.has(word) ? 'label' : 'choice'));
  }
  return found;
}

function knobTokens({ knobs, spec }: Statement): readonly ClassifiedToken[] {
  const group = spec.options.find((option) => option.kind === 'group' && option.repeated);
  const length = group?.kind === 'group' ? groupLabel(group).length : 0;
  return knobs.flatMap(({ span, knob, variant }) => {
    const variants = VARIANTS.get(knob.text);
    const label = token({ start: span.start, end: span.start + length }, 'label');
    const name = token(knob.span, 'knob', { unknown: variants === undefined });
    if (variant === null) return [label, name];
    return [label, name, token(variant.span, 'variant', { unknown: variants?.has(variant.text) === false })];
  });
}

function statementTokens(source: string, statement: Statement, places: Places): ClassifiedToken[] {
  const { spec, keywordSpan, labels, choices, flags, expectation } = statement;
  const found: ClassifiedToken[] = [token(keywordSpan, 'keyword')];
  for (const { role, defines } of argumentsOf(spec)) {
    const [node, number, label] = [nameFor(statement, role), numberFor(statement, role), labels[role]];
    if (label !== undefined) {
      found.push(token(label, /^\w/.test(source[label.start] ?? '') ? 'label' : 'operator'));
    }
    if (node !== undefined) found.push(nameToken(node, role, defines, places));
    if (number !== undefined) found.push(...tokensOfNumber(number, role, defines, places));
  }
  for (const { span } of Object.values(choices)) found.push(token(span, 'choice'));
  for (const span of Object.values(flags)) found.push(token(span, 'flag'));
  found.push(...knobTokens(statement));
  if (expectation !== null) found.push(...outcomeTokens(source, expectation, places));
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** The tokens of a document, or of the statements that touch `within`, in the order of the text, without comments. */
export function classifyTokens(analysis: Analysis, within?: Span): readonly ClassifiedToken[] {
  const { text, statements, races } = analysis.document;
  const places = placesOf(analysis);
  const isWithin = ({ span }: { readonly span: Span }) =>
    within === undefined || (span.end >= within.start && span.start <= within.end);
  const found = statements.filter(isWithin).flatMap((statement) => statementTokens(text, statement, places));
  const ofRaces = races
    .flatMap(({ expectation }) => expectation ?? [])
    .filter(isWithin)
    .flatMap((expectation) => raceTokens(text, expectation));
  return ofRaces.length === 0 ? found : [...found, ...ofRaces].sort((a, b) => a.span.start - b.span.start);
}
