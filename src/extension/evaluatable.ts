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

/** The trees of documents that were asked about: a hover asks again with every move of the mouse. */
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
 * In a scenario a number is known by what it stands for: behind `slot`, the slot. Behind the end of a line stands what
 * the statement did, which has a hover of its own.
 */
const inScenario: EvaluatableExpressionProvider = {
  provideEvaluatableExpression(document, position) {
    if (position.character >= document.lineAt(position).text.length) return undefined;
    const found = expressionAt(treeOf(document), document.offsetAt(position));
    return found && new EvaluatableExpression(rangeOf(document, found.span), found.expression);
  },
};

/** A local of the procedure, up to the part that is pointed at: of `gfns.start`, `gfns` or the whole. */
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

/** The expression of what a place in a document is about: of a `slot` statement the slot, of a gpa its page. */
export function subjectOf(document: TextDocument, position: Position): string | undefined {
  if (document.languageId === 'gmem') {
    return subjectAt(treeOf(document), document.offsetAt(position))?.expression;
  }
  const range = document.getWordRangeAtPosition(position, localName);
  return range && document.getText(upTo(document, range, position));
}
