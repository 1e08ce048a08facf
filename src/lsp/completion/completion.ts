import {
  type CompletionItem,
  type CompletionList,
  InsertTextFormat,
  type Range,
} from 'vscode-languageserver';
import { type Expectation, expectedAt } from '../../language';
import type { Abilities } from '../abilities';
import type { ScenarioDocument } from '../documents';
import { rangeOf, statementAt } from '../positions';
import { reached } from '../rehearsal/rehearsal';
import { outcomeProposalsFor } from './claim-proposals';
import type { Proposal } from './part-proposals';
import { proposalsFor } from './proposals';

/** Completion: what the parser would take at this place, as an editor wants it. */

/** What the editor can do with a list. */
export type Editor = Pick<Abilities, 'snippets' | 'labelDetails'>;

/** Where a proposal goes. */
interface InsertionPoint {
  readonly range: Range;
  /** What has to stand in front of it: a space, right behind an arrow. */
  readonly room: string;
  readonly editor: Editor;
}

function item(proposal: Proposal, order: number, { range, room, editor }: InsertionPoint): CompletionItem {
  const { label, kind, detail, description, markdown, snippet, text } = proposal;
  const inserted = snippet !== undefined && editor.snippets;
  // Without snippets a label with `…` cannot be inserted; its first word is what it begins with.
  const plain = text ?? label.split(' ')[0]!;
  return {
    label,
    kind,
    // What the statement goes on with comes before the next statement.
    sortText: String(order).padStart(4, '0'),
    filterText: label.replaceAll(' …', ''),
    insertTextFormat: inserted ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range, newText: `${room}${inserted ? snippet : plain}` },
    ...(detail === undefined ? {} : { detail }),
    ...(description === undefined || !editor.labelDetails ? {} : { labelDetails: { description } }),
    ...(markdown === undefined ? {} : { documentation: { kind: 'markdown' as const, value: markdown } }),
  };
}

/** Whether nothing but white space stands on the line before an offset. */
function isLineStart(text: string, offset: number): boolean {
  const from = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return text.slice(from, offset).trim() === '';
}

/** Milliseconds that a list waits for what happens; without it, it is the words only. */
const PATIENCE = 300;

const CLAIMING: ReadonlySet<Expectation['kind']> = new Set(['outcome', 'claim', 'claimed']);

/** Whether it takes the machine at the statement to know what can be written. */
function needsMachine(expectation: Expectation): boolean {
  const isStep = expectation.kind === 'value' && expectation.part.role === 'step';
  return isStep || CLAIMING.has(expectation.kind);
}

/**
 * What may be written at an offset. A statement may start anywhere; it is offered where people start one, at
 * the beginning of a line. Nothing is offered for a word that is complete: the Enter behind it ends the line,
 * and does not put something longer in its place. So the list holds for this very word, and no longer.
 */
export async function completionAt(
  scenario: ScenarioDocument,
  offset: number,
  editor: Editor,
): Promise<CompletionList> {
  if (scenario.isTooLong) return { isIncomplete: true, items: [] };
  const { document } = scenario;
  const text = document.getText();
  const { expectations, prefix, statement, claim } = expectedAt(text, offset);
  const typed = text.slice(prefix.start, prefix.end);
  const context = { scenario, analysis: scenario.analysis(), offset: prefix.start, statement, typed };
  // What would happen here is known when it has been tried.
  const waits = expectations.some(needsMachine);
  const written = statement === null ? null : statementAt(scenario.analysis(), statement.span.start);
  if (waits && written !== null) await reached(scenario.rehearsal(), written, PATIENCE);
  const startsLine = isLineStart(text, prefix.start);
  const proposals = expectations
    .filter(({ kind }) => kind !== 'statement' || startsLine)
    .flatMap((expectation) => [
      ...proposalsFor(context, expectation),
      ...outcomeProposalsFor(context, expectation, claim),
    ]);
  const complete = proposals.some(({ label, snippet }) => label === typed && snippet === undefined);
  const room = text.slice(0, prefix.start).endsWith('=>') ? ' ' : '';
  const place = { range: rangeOf(document, prefix), room, editor };
  const items = proposals.map((proposal, order) => item(proposal, order, place));
  return { isIncomplete: true, items: complete ? [] : items };
}
