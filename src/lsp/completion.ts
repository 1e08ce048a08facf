import {
  type CompletionItem,
  type CompletionList,
  InsertTextFormat,
  type Range,
} from 'vscode-languageserver';
import { expectedAt } from '../language';
import type { Scenario } from './documents';
import { rangeOf } from './positions';
import { type Proposal, proposalsFor } from './proposals';

/** Completion: what the parser would take at this place, as an editor wants it. */

function item(proposal: Proposal, order: number, range: Range, snippets: boolean): CompletionItem {
  const { label, kind, detail, markdown, snippet } = proposal;
  const inserted = snippet !== undefined && snippets;
  // Without snippets a label with `…` cannot be inserted; its first word is what it begins with.
  const plain = label.split(' ')[0]!;
  return {
    label,
    kind,
    // What the statement goes on with comes before the next statement.
    sortText: String(order).padStart(4, '0'),
    filterText: label.replaceAll(' …', ''),
    insertTextFormat: inserted ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range, newText: inserted ? snippet : plain },
    ...(detail === undefined ? {} : { detail }),
    ...(markdown === undefined ? {} : { documentation: { kind: 'markdown' as const, value: markdown } }),
  };
}

/** Whether nothing but white space stands on the line before an offset. */
function isLineStart(text: string, offset: number): boolean {
  const from = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return text.slice(from, offset).trim() === '';
}

/**
 * What may be written at an offset. A statement may start anywhere; it is offered where people start one, at
 * the beginning of a line. Nothing is offered for a word that is complete: the Enter behind it ends the line,
 * and does not put something longer in its place. So the list holds for this very word, and no longer.
 */
export function completionAt(scenario: Scenario, offset: number, snippets: boolean): CompletionList {
  if (scenario.isTooLong) return { isIncomplete: true, items: [] };
  const { document } = scenario;
  const text = document.getText();
  const { expectations, prefix, statement } = expectedAt(text, offset);
  const typed = text.slice(prefix.start, prefix.end);
  const context = { analysis: scenario.analysis(), offset: prefix.start, statement, typed };
  const startsLine = isLineStart(text, prefix.start);
  const proposals = expectations
    .filter(({ kind }) => kind !== 'statement' || startsLine)
    .flatMap((expectation) => proposalsFor(context, expectation));
  const complete = proposals.some(({ label, snippet }) => label === typed && snippet === undefined);
  const range = rangeOf(document, prefix);
  const items = proposals.map((proposal, order) => item(proposal, order, range, snippets));
  return { isIncomplete: true, items: complete ? [] : items };
}
