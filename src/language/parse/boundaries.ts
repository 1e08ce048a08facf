import { elementAt } from '../../simulator';
import { CONTINUATION_WORDS, type Keyword, LABELS, statementSpec } from '../table/statements';
import {
  type ArgumentPart,
  argumentLabels,
  type GroupPart,
  isNumberRole,
  type RequiredPart,
  type StatementSpec,
} from '../table/syntax';
import { type Cursor, labelAt, operatorAt, peek, textOf, wordAt } from './cursor';
import { skipExpression } from './expression';

/** Decides where a statement begins and ends. */

/** The index after an argument that begins at `ahead`, judged by token kinds and labels; null if none begins there. */
function skipArgument(cursor: Cursor, ahead: number, part: ArgumentPart): number | null {
  const labels = argumentLabels(part);
  if (labels.length > 0 && !labels.includes(labelAt(cursor, ahead) ?? '')) return null;
  const value = labels.length > 0 ? ahead + 1 : ahead;
  if (isNumberRole(part.role)) return skipExpression(cursor, value);
  return peek(cursor, value).kind === 'word' ? value + 1 : null;
}

/** Whether the tokens from `ahead` on have the form of these parts. */
function matches(cursor: Cursor, ahead: number, parts: readonly RequiredPart[]): boolean {
  let at: number | null = ahead;
  for (let index = 0; index < parts.length; index++) {
    const part = elementAt(parts, index);
    if (part.kind === 'choice') {
      const word = wordAt(cursor, at++);
      if (!part.words.some((choice) => choice.word === word)) return false;
      continue;
    }
    const isBare = part.kind === 'either' && wordAt(cursor, at) !== part.labelled.label;
    at = skipArgument(cursor, at, part.kind === 'argument' ? part : isBare ? part.bare : part.labelled);
    if (at === null) return false;
    const next = parts[index + 1];
    if (operatorAt(cursor, at) !== '..' || next?.kind !== 'argument' || next.role !== 'size') continue;
    at = skipExpression(cursor, at + 1);
    if (at === null) return false;
    index++;
  }
  return true;
}

/**
 * The statement that starts at the current token, or null. `gmem`, `slot` and `vm` are both keywords and labels: within
 * a line they start a statement only if it is complete; at the start of a line they always do, because it is more
 * likely that the previous statement is unfinished.
 */
export function startsStatement(cursor: Cursor): StatementSpec<Keyword> | null {
  const word = wordAt(cursor);
  const spec = word === null ? undefined : statementSpec(word);
  if (spec === undefined) return null;
  if (!LABELS.has(spec.keyword) || peek(cursor).lineStart) return spec;
  return matches(cursor, 1, spec.required) ? spec : null;
}

/** Whether the current token is the label of this required part rather than the start of a new statement. */
export function isRequiredLabel(cursor: Cursor, label: string): boolean {
  if (labelAt(cursor) !== label) return false;
  const spec = statementSpec(label);
  return spec === undefined || !peek(cursor).lineStart || !matches(cursor, 1, spec.required);
}

/** The same for the label of an optional group: on a line of its own, the group must be complete. */
export function isGroupLabel(cursor: Cursor, parts: GroupPart['parts']): boolean {
  const word = wordAt(cursor);
  if (word === null || !argumentLabels(parts[0]).includes(word)) return false;
  const spec = statementSpec(word);
  if (spec === undefined) return true;
  if (matches(cursor, 1, spec.required)) return false;
  return !peek(cursor).lineStart || matches(cursor, 0, parts);
}

/**
 * Whether the word at the start of a line is the name that the statement above lacks, rather than a misspelt keyword:
 * the next token must continue or end that statement.
 */
export function isNameOnNextLine(cursor: Cursor, later: readonly RequiredPart[]): boolean {
  if (later.length > 0) return matches(cursor, 1, later);
  const next = peek(cursor, 1);
  if (next.lineStart || next.kind === 'end' || next.kind === 'arrow') return true;
  const word = wordAt(cursor, 1);
  return word !== null && (CONTINUATION_WORDS.has(word) || statementSpec(word) !== undefined);
}

/** Whether recovery should stop at the current token, because the current statement cannot continue there. */
export function atSyncPoint(cursor: Cursor): boolean {
  const token = peek(cursor);
  if (token.kind === 'end' || token.kind === 'arrow' || operatorAt(cursor) === '}') return true;
  if (token.kind !== 'word') return false;
  if (startsStatement(cursor) !== null) return true;
  // A word at the start of a line that cannot continue a statement is most likely a misspelt keyword.
  return token.lineStart && !CONTINUATION_WORDS.has(textOf(cursor, token));
}
