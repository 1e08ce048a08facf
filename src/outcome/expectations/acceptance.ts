/** The text that would expect what statements do. */
import {
  type CompiledStatement,
  type Document,
  insertionAbove,
  printExpectations,
  type TextEdit,
} from '../../language';
import { acceptedExpectations, hasNews } from './accept';
import type { Checked } from './verdict';

/** The expectations of a statement, with what it did in the place of what is not so; as one types them. */
export function acceptedText({ statement: { expected }, actual }: Checked): string {
  return printExpectations(acceptedExpectations(expected, actual));
}

/** How many blanks end the line at an offset; none where something follows them. */
function trailingBlanks(text: string, from: number): number {
  const blanks = /[ \t]*/y;
  blanks.lastIndex = from;
  const length = blanks.exec(text)?.[0].length ?? 0;
  const next = text[from + length];
  return next === undefined || next === '\n' || next === '\r' ? length : 0;
}

/** The edits that make a statement expect what it did. Comments between the expectations that go stay, above it. */
function acceptingEdits({ text, comments }: Document, checked: Checked): readonly TextEdit[] {
  const { span, outcome } = checked.statement.statement;
  const expectations = acceptedText(checked);
  if (outcome === null) {
    const end = span.end + trailingBlanks(text, span.end);
    return [{ span: { start: span.end, end }, newText: ` => ${expectations}` }];
  }
  const kept = comments
    .filter((comment) => comment.span.start > outcome.span.start && comment.span.start < outcome.span.end)
    .map((comment) => insertionAbove(text, span.start, comment.text));
  return [...kept, { span: outcome.span, newText: `=> ${expectations}` }];
}

/** Whether a statement expects what is not so. */
export function hasFailedExpectation({ failed }: Checked): boolean {
  return failed.length > 0;
}

/** Whether a statement expects nothing, and does something that is worth an expectation. */
export function hasUnexpectedNews({ statement: { statement, expected }, actual }: Checked): boolean {
  return expected === null && statement.outcome === null && hasNews(actual);
}

export interface Acceptances {
  readonly edits: readonly TextEdit[];
  /** How many statements they are of. */
  readonly count: number;
  /** Statements that do different things in the scenarios that share them: no expectation would be so in all. */
  readonly disputed: readonly CompiledStatement[];
}

/** The same statement in each of the scenarios that share it. */
function byStatement(all: readonly Checked[]): readonly (readonly [Checked, ...Checked[]])[] {
  const groups = new Map<number, [Checked, ...Checked[]]>();
  for (const one of all) {
    const { start } = one.statement.statement.span;
    const group = groups.get(start);
    if (group === undefined) groups.set(start, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/**
 * The edits that make statements expect what they did.
 * @param all Of every scenario of a file, so that what they share is seen in each.
 * @param wants Whether a statement is to be rewritten; where one of several scenarios wants it, it is.
 */
export function acceptancesOf(
  document: Document,
  all: readonly Checked[],
  wants: (one: Checked) => boolean,
): Acceptances {
  const wanted = byStatement(all).filter((group) => group.some(wants));
  const isAgreed = (group: readonly Checked[]) => new Set(group.map(acceptedText)).size === 1;
  const agreed = wanted.filter(isAgreed);
  return {
    edits: agreed.flatMap(([first]) => acceptingEdits(document, first)),
    count: agreed.length,
    disputed: wanted.filter((group) => !isAgreed(group)).map(([first]) => first.statement),
  };
}
