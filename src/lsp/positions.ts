import type { Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Analysis, Span, Statement } from '../language';
import { elementAt } from '../simulator';

/** Converts offsets of the language to ranges of the protocol. */

export function rangeOf(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** The statement at an offset, including its end offset. */
export function statementAt({ document }: Analysis, offset: number): Statement | null {
  const { statements } = document;
  let low = 0;
  let high = statements.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const { span } = elementAt(statements, middle);
    if (offset < span.start) high = middle - 1;
    else if (offset > span.end) low = middle + 1;
    else return elementAt(statements, middle);
  }
  return null;
}
