import {
  Disposable,
  EvaluatableExpression,
  type EvaluatableExpressionProvider,
  languages,
  type Position,
  Range,
  type TextDocument,
} from 'vscode';
import { type ExpressionAt, expressionAt, subjectAt } from '../expressions';
import { type Document, parse } from '../language';

/** Cached syntax trees: a hover asks again with every mouse move. */
const trees = new WeakMap<TextDocument, { readonly version: number; readonly tree: Document }>();

function treeOf(document: TextDocument): Document {
  const known = trees.get(document);
  if (known?.version === document.version) return known.tree;
  const tree = parse(document.getText());
  trees.set(document, { version: document.version, tree });
  return tree;
}

function rangeOf(document: TextDocument, { start, end }: ExpressionAt['span']): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}

/**
 * In a scenario, the role of a number decides what it names: after `slot`, it is the slot. The text after the end of a
 * line is the statement's outcome, which has its own hover.
 */
const inScenario: EvaluatableExpressionProvider = {
  provideEvaluatableExpression(document, position) {
    if (position.character >= document.lineAt(position).text.length) return undefined;
    const found = expressionAt(treeOf(document), document.offsetAt(position));
    return found && new EvaluatableExpression(rangeOf(document, found.span), found.expression);
  },
};

/** A local of the procedure, up to the part under the mouse: of `gfns.start`, `gfns` or the whole. */
const localName = /[A-Za-z_]\w*(\.[A-Za-z_]\w*)*/;

const inListing: EvaluatableExpressionProvider = {
  provideEvaluatableExpression(document, position) {
    const range = document.getWordRangeAtPosition(position, localName);
    return range && new EvaluatableExpression(upTo(document, range, position));
  },
};

function upTo(document: TextDocument, range: Range, position: Position): Range {
  const text = document.getText(range);
  const dot = text.indexOf('.', position.character - range.start.character);
  return dot < 0 ? range : range.with(undefined, range.start.translate(0, dot));
}

/** Makes the hover of a word evaluate it while a scenario is debugged. */
export function registerEvaluatableExpressions(): Disposable {
  return Disposable.from(
    languages.registerEvaluatableExpressionProvider('gmem', inScenario),
    languages.registerEvaluatableExpressionProvider('gmem-listing', inListing),
  );
}

/** The expression for a position in a document: the slot of a `slot` statement, the page of a gpa. */
export function subjectOf(document: TextDocument, position: Position): string | undefined {
  if (document.languageId === 'gmem') {
    return subjectAt(treeOf(document), document.offsetAt(position))?.expression;
  }
  const range = document.getWordRangeAtPosition(position, localName);
  return range && document.getText(upTo(document, range, position));
}
