/** Parses an expression: precedence climbing over the operators of C, with calls, members and indices. */
import { MAX_U64, readNumber } from '../language';
import { elementAt } from '../simulator';
import { type Token, tokenize } from './lexer';
import type { ExpressionProblem, Node, Operator, Span } from './tree';

/** Binary operators, lowest precedence first. */
const LEVELS: readonly (readonly Operator[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Limits on input: nobody types longer texts or nests brackets deeper than this. */
const LONGEST = 2000;
const DEEPEST = 64;

interface Parser {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

/** Aborts parsing; only `parse` catches it. */
class Wrong extends Error {
  constructor(readonly found: ExpressionProblem) {
    super(found.problem);
  }
}

function fail(problem: string, span: Span): never {
  throw new Wrong({ problem, span });
}

function peek({ tokens, at }: Parser): Token {
  return elementAt(tokens, Math.min(at, tokens.length - 1));
}

function take(parser: Parser): Token {
  const token = peek(parser);
  parser.at++;
  return token;
}

function isSymbol(token: Token, ...texts: readonly string[]): boolean {
  return token.kind === 'symbol' && texts.includes(token.text);
}

function tokenText({ kind, text }: Token): string {
  return kind === 'end' ? 'the end' : `\`${text}\``;
}

function expectSymbol(parser: Parser, text: string, what: string): Token {
  const token = take(parser);
  if (!isSymbol(token, text)) fail(`Expected \`${text}\` ${what}, found ${tokenText(token)}.`, token.span);
  return token;
}

function parseNumber({ text, span }: Token): Node {
  const read = readNumber(text);
  if ('value' in read) return { kind: 'number', span, value: read.value };
  return read.problem === 'too-large'
    ? fail(`\`${text}\` does not fit in 64 bits: the largest number is 0x${MAX_U64.toString(16)}.`, span)
    : fail(`\`${text}\` is not a number: write 4096, 0x1000, 0x8000_0000, 4K or 2M.`, span);
}

function parsePrimary(parser: Parser): Node {
  const token = take(parser);
  const { kind, text, span } = token;
  if (kind === 'number') return parseNumber(token);
  if (kind === 'name') return { kind: 'name', span, name: text };
  if (kind === 'quoted') {
    if (text.length < 2 || !text.endsWith('"')) fail('Missing closing `"`.', span);
    return { kind: 'word', span, text: text.slice(1, -1) };
  }
  if (isSymbol(token, '(')) {
    const inner = parseBinary(parser, 0);
    const close = expectSymbol(parser, ')', 'to close the bracket');
    return { ...inner, span: { start: span.start, end: close.span.end } };
  }
  if (isSymbol(token, '-'))
    fail('Negative numbers are not supported: values are unsigned 64-bit numbers.', span);
  if (isSymbol(token, '=') || text === '=') fail('Assignment is not supported: write `==` to compare.', span);
  return fail(`Expected a number, a name or a bracket, found ${tokenText(token)}.`, span);
}

function parseArguments(parser: Parser): { readonly args: readonly Node[]; readonly end: number } {
  const args: Node[] = [];
  if (!isSymbol(peek(parser), ')')) {
    do args.push(parseBinary(parser, 0));
    while (isSymbol(peek(parser), ',') && take(parser));
  }
  return { args, end: expectSymbol(parser, ')', 'after the arguments').span.end };
}

function parsePostfix(parser: Parser): Node {
  let node = parsePrimary(parser);
  for (;;) {
    const token = peek(parser);
    const { start } = node.span;
    if (isSymbol(token, '.')) {
      take(parser);
      const name = take(parser);
      if (name.kind !== 'name') fail(`Expected a name after the dot, found ${tokenText(name)}.`, name.span);
      const span = { start, end: name.span.end };
      node = { kind: 'member', span, of: node, name: name.text, nameSpan: name.span };
    } else if (isSymbol(token, '[')) {
      take(parser);
      const index = parseBinary(parser, 0);
      const { end } = expectSymbol(parser, ']', 'after the index').span;
      node = { kind: 'index', span: { start, end }, of: node, index };
    } else if (isSymbol(token, '(')) {
      if (node.kind !== 'name' && node.kind !== 'member') fail('Only a name can be called.', token.span);
      take(parser);
      const { args, end } = parseArguments(parser);
      node = { kind: 'call', span: { start, end }, callee: node, args };
    } else return node;
  }
}

function parseUnary(parser: Parser): Node {
  const token = peek(parser);
  if (!isSymbol(token, '!')) return parsePostfix(parser);
  take(parser);
  return deeper(parser, token.span, () => {
    const of = parseUnary(parser);
    return { kind: 'not', span: { start: token.span.start, end: of.span.end }, of };
  });
}

function deeper(parser: Parser, span: Span, parse: () => Node): Node {
  parser.depth++;
  if (parser.depth > DEEPEST) fail('The expression is nested too deeply.', span);
  const node = parse();
  parser.depth--;
  return node;
}

function parseBinary(parser: Parser, level: number): Node {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(parser);
  if (level > 0) return binaryChain(parser, level, operators);
  return deeper(parser, peek(parser).span, () => binaryChain(parser, level, operators));
}

function binaryChain(parser: Parser, level: number, operators: readonly Operator[]): Node {
  let left = parseBinary(parser, level + 1);
  for (;;) {
    const token = peek(parser);
    const operator = operators.find((candidate) => isSymbol(token, candidate));
    if (operator === undefined) return left;
    take(parser);
    const right = parseBinary(parser, level + 1);
    left = { kind: 'binary', span: { start: left.span.start, end: right.span.end }, operator, left, right };
  }
}

function leftover(token: Token): string {
  if (token.text === '=') return 'Assignment is not supported: write `==` to compare.';
  return `The expression should end before ${tokenText(token)}.`;
}

/** Parses a whole text. Never throws. */
export function parse(text: string): Node | ExpressionProblem {
  const whole = { start: 0, end: text.length };
  if (text.trim() === '') return { problem: 'The expression is empty.', span: whole };
  if (text.length > LONGEST) return { problem: 'The expression is too long.', span: whole };
  const parser: Parser = { tokens: tokenize(text), at: 0, depth: 0 };
  try {
    const node = parseBinary(parser, 0);
    const rest = peek(parser);
    return rest.kind === 'end' ? node : { problem: leftover(rest), span: rest.span };
  } catch (error) {
    if (error instanceof Wrong) return error.found;
    throw error;
  }
}
