/** The small mistakes that a mutation run makes in a source file, one at a time. */
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast';
import {
  isArrayLiteralExpression,
  isArrowFunction,
  isBinaryExpression,
  isBlock,
  isCallExpression,
  isConditionalExpression,
  isExpressionStatement,
  isIfStatement,
  isImportDeclaration,
  isNumericLiteral,
  isPrefixUnaryExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isReturnStatement,
  isTypeNode,
  isWhileStatement,
} from 'typescript/unstable/ast/is';

/** One change of one file. */
export interface Mutant {
  /** From the top of the repository, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** Half-open range of characters that is replaced. */
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
  /** Where the innermost block or arrow function around it begins to run; null for what runs when the file is loaded. */
  readonly reached: ReachedAt | null;
}

/** The place behind a `{`, where `start` is `end`, or the expression that is the body of an arrow function. */
export interface ReachedAt {
  readonly start: number;
  readonly end: number;
}

const OPERATORS: ReadonlyMap<SyntaxKind, readonly string[]> = new Map([
  [SyntaxKind.LessThanToken, ['<=', '>=']],
  [SyntaxKind.LessThanEqualsToken, ['<', '>']],
  [SyntaxKind.GreaterThanToken, ['>=', '<=']],
  [SyntaxKind.GreaterThanEqualsToken, ['>', '<']],
  [SyntaxKind.EqualsEqualsEqualsToken, ['!==']],
  [SyntaxKind.ExclamationEqualsEqualsToken, ['===']],
  [SyntaxKind.PlusToken, ['-']],
  [SyntaxKind.MinusToken, ['+']],
  [SyntaxKind.AsteriskToken, ['/']],
  [SyntaxKind.SlashToken, ['*']],
  [SyntaxKind.PercentToken, ['*']],
  [SyntaxKind.AmpersandToken, ['|']],
  [SyntaxKind.BarToken, ['&']],
  [SyntaxKind.LessThanLessThanToken, ['>>']],
  [SyntaxKind.GreaterThanGreaterThanToken, ['<<']],
  [SyntaxKind.AmpersandAmpersandToken, ['||']],
  [SyntaxKind.BarBarToken, ['&&']],
  [SyntaxKind.PlusEqualsToken, ['-=']],
  [SyntaxKind.MinusEqualsToken, ['+=']],
]);

/** Methods that are confused, and those whose call can be left out. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
]);
const LEFT_OUT: ReadonlySet<string> = new Set([
  'filter',
  'reverse',
  'toReversed',
  'slice',
  'sort',
  'toSorted',
]);

/** Properties that hold prose: nobody tests the wording of a documentation string. */
const PROSE: ReadonlySet<string> = new Set(['about', 'details', 'doc', 'example', 'source', 'text', 'title']);

/** A range of the text and what stands there instead. */
type Change = readonly [start: number, end: number, after: string];

/** Every mutant of a file, in the order of the text. */
export function mutantsOf(source: SourceFile, file: string): readonly Mutant[] {
  const mutants: Mutant[] = [];
  const visit = (node: Node, reached: ReachedAt | null): undefined => {
    if (isTypeNode(node) || isImportDeclaration(node) || isProse(node)) return undefined;
    for (const [start, end, after] of changesOf(node, source)) {
      const line = source.getLineAndCharacterOfPosition(start).line + 1;
      mutants.push({ file, line, start, end, before: source.text.slice(start, end), after, reached });
    }
    const inside = reachedIn(node, source) ?? reached;
    node.forEachChild((child) => visit(child, inside));
    return undefined;
  };
  visit(source, null);
  return mutants;
}

function reachedIn(node: Node, source: SourceFile): ReachedAt | null {
  if (isBlock(node)) {
    const behindBrace = node.getStart(source) + 1;
    return { start: behindBrace, end: behindBrace };
  }
  if (!isArrowFunction(node) || isBlock(node.body)) return null;
  return { start: node.body.getStart(source), end: node.body.end };
}

/** The text of the file with the change in it. */
export function mutated(text: string, { start, end, after }: Mutant): string {
  return text.slice(0, start) + after + text.slice(end);
}

function isProse(node: Node): boolean {
  if (!isPropertyAssignment(node) || !PROSE.has(node.name.getText())) return false;
  const { kind } = node.initializer;
  return kind !== SyntaxKind.ArrowFunction && kind !== SyntaxKind.FunctionExpression;
}

function changesOf(node: Node, source: SourceFile): readonly Change[] {
  const start = (part: Node) => part.getStart(source);
  const text = (part: Node) => source.text.slice(start(part), part.end);
  const replaced = (part: Node, after: string): Change => [start(part), part.end, after];

  if (isBinaryExpression(node)) {
    const operator = node.operatorToken;
    return (OPERATORS.get(operator.kind) ?? []).map((after) => replaced(operator, after));
  }
  if (isPrefixUnaryExpression(node)) {
    return node.operator === SyntaxKind.ExclamationToken ? [replaced(node, text(node.operand))] : [];
  }
  if (isIfStatement(node) || isWhileStatement(node)) {
    const condition = node.expression;
    return [
      replaced(condition, `!(${text(condition)})`),
      replaced(condition, `false && (${text(condition)})`),
    ];
  }
  if (isConditionalExpression(node)) {
    return [replaced(node.condition, `!(${text(node.condition)})`)];
  }
  if (isExpressionStatement(node)) return [replaced(node, ';')];
  if (node.kind === SyntaxKind.ContinueStatement || node.kind === SyntaxKind.BreakStatement) {
    return [replaced(node, ';')];
  }
  if (isReturnStatement(node) && node.expression !== undefined) return earlyReturns(node.expression, source);
  if (isNumericLiteral(node))
    return [replaced(node, `(${text(node)} + 1)`), replaced(node, `(${text(node)} - 1)`)];
  if (node.kind === SyntaxKind.TrueKeyword) return [replaced(node, 'false')];
  if (node.kind === SyntaxKind.FalseKeyword) return [replaced(node, 'true')];
  if (isArrayLiteralExpression(node) && node.elements.length > 0) return [replaced(node, '[]')];
  if (isCallExpression(node) && isPropertyAccessExpression(node.expression)) {
    const { name, expression } = node.expression;
    const other = METHODS.get(name.getText(source));
    if (other !== undefined) return [replaced(name, other)];
    if (LEFT_OUT.has(name.getText(source))) return [replaced(node, text(expression))];
  }
  return [];
}

/** Values that are returned instead; most fit one type only, and the compiler discards those that do not. */
function earlyReturns(value: Node, source: SourceFile): readonly Change[] {
  const text = value.getText(source);
  return ['[]', 'null', 'undefined', 'true', 'false']
    .filter((after) => after !== text)
    .map((after) => [value.getStart(source), value.end, after]);
}
