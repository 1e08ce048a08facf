import {
  type CompletionItem,
  type CompletionList,
  InsertTextFormat,
  type Range,
} from 'vscode-languageserver';
import { type Candidate, candidatesAt } from '../../language';
import { firstOf } from '../../simulator';
import type { Abilities } from '../abilities';
import { reached } from '../background-run/background-run';
import type { ScenarioDocument } from '../documents';
import { rangeOf, statementAt } from '../positions';
import { outcomeProposalsFor } from './expectation-proposals';
import type { Proposal } from './part-proposals';
import { proposalsFor } from './proposals';

/** Completion: what the parser accepts at the cursor, as LSP items. */

/** What the editor supports in completion lists. */
export type Editor = Pick<Abilities, 'snippets' | 'labelDetails'>;

/** Where a proposal is inserted. */
interface InsertionPoint {
  readonly range: Range;
  /** Text inserted before it: a space, directly after an arrow. */
  readonly room: string;
  readonly editor: Editor;
}

function item(proposal: Proposal, order: number, { range, room, editor }: InsertionPoint): CompletionItem {
  const { label, kind, detail, description, markdown, snippet, text, preferred } = proposal;
  const inserted = snippet !== undefined && editor.snippets;
  // Without snippets, a label with `…` cannot be inserted: insert its first word.
  const plain = text ?? firstOf(label.split(' '));
  return {
    label,
    kind,
    // Continuations of the statement come before new statements.
    sortText: String(order).padStart(4, '0'),
    filterText: label.replaceAll(' …', ''),
    insertTextFormat: inserted ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range, newText: `${room}${inserted ? snippet : plain}` },
    ...(preferred === true ? { preselect: true } : {}),
    ...(detail === undefined ? {} : { detail }),
    ...(description === undefined || !editor.labelDetails ? {} : { labelDetails: { description } }),
    ...(markdown === undefined ? {} : { documentation: { kind: 'markdown' as const, value: markdown } }),
  };
}

/** Whether only white space precedes an offset on its line. */
function isLineStart(text: string, offset: number): boolean {
  const from = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return text.slice(from, offset).trim() === '';
}

/** Milliseconds that a list waits for the background run; after that, it has the words only. */
const PATIENCE = 300;

const EXPECTING: ReadonlySet<Candidate['kind']> = new Set(['arrow', 'expectation', 'placeholder']);

/** Whether the proposals depend on the machine at the statement. */
function needsMachine(candidate: Candidate): boolean {
  const isStep = candidate.kind === 'value' && candidate.part.role === 'step';
  return isStep || EXPECTING.has(candidate.kind);
}

/**
 * The completions at an offset. Statements are offered only at the beginning of a line, where people start them. A
 * complete word gets no proposals, so that Enter ends the line instead of inserting a longer word. The list is
 * therefore valid for the current word only.
 */
export async function completionAt(
  scenario: ScenarioDocument,
  offset: number,
  editor: Editor,
): Promise<CompletionList> {
  if (scenario.isTooLong) return { isIncomplete: true, items: [] };
  const { document } = scenario;
  const text = document.getText();
  const { candidates, prefix, statement, expectation } = candidatesAt(text, offset);
  const typed = text.slice(prefix.start, prefix.end);
  const context = { scenario, analysis: scenario.analysis(), offset: prefix.start, statement, typed };
  // The outcome is known only after the background run.
  const blocked = candidates.some(needsMachine);
  const written = statement === null ? null : statementAt(scenario.analysis(), statement.span.start);
  if (blocked && written !== null) await reached(scenario.backgroundRun(), written, PATIENCE);
  const startsLine = isLineStart(text, prefix.start);
  const proposals = candidates
    .filter(({ kind }) => kind !== 'statement' || startsLine)
    .flatMap((candidate) => [
      ...proposalsFor(context, candidate),
      ...outcomeProposalsFor(context, candidate, expectation),
    ]);
  const complete = proposals.some(({ label, snippet }) => label === typed && snippet === undefined);
  const room = text.slice(0, prefix.start).endsWith('=>') ? ' ' : '';
  const place = { range: rangeOf(document, prefix), room, editor };
  const items = proposals.map((proposal, order) => item(proposal, order, place));
  return { isIncomplete: true, items: complete ? [] : items };
}
