/** The edits that add or update expectations. */
import {
  type CompiledStatement,
  type Document,
  insertionAbove,
  printExpectations,
  type TextEdit,
} from '../../language';
import { acceptedExpectations, hasNews } from './accept';
import type { Checked } from './verdict';

/**
 * The updated expectations of a statement, as written in a scenario. Those with `never` or `sometimes` stay: one order
 * of a race cannot say whether they hold.
 */
export function acceptedText({ statement: { expected, quantified }, actual }: Checked): string {
  return printExpectations(acceptedExpectations(expected, actual), quantified);
}

/** The number of trailing blanks at an offset; 0 if other text follows them on the line. */
function trailingBlanks(text: string, from: number): number {
  const blanks = /[ \t]*/y;
  blanks.lastIndex = from;
  const length = blanks.exec(text)?.[0].length ?? 0;
  const next = text[from + length];
  return next === undefined || next === '\n' || next === '\r' ? length : 0;
}

/** The edits that make a statement expect its outcome. Comments between replaced expectations move above it. */
function acceptingEdits({ text, comments }: Document, checked: Checked): readonly TextEdit[] {
  const { span, expectation } = checked.statement.statement;
  const expectations = acceptedText(checked);
  if (expectation === null) {
    const end = span.end + trailingBlanks(text, span.end);
    return [{ span: { start: span.end, end }, newText: ` => ${expectations}` }];
  }
  const kept = comments
    .filter(
      (comment) => comment.span.start > expectation.span.start && comment.span.start < expectation.span.end,
    )
    .map((comment) => insertionAbove(text, span.start, comment.text));
  return [...kept, { span: expectation.span, newText: `=> ${expectations}` }];
}

/** Whether a statement has a failed expectation. */
export function hasFailedExpectation({ failed }: Checked): boolean {
  return failed.length > 0;
}

/** Whether a statement has no expectation, and its outcome is worth one. */
export function hasUnexpectedNews({ statement: { statement, expected, race }, actual }: Checked): boolean {
  // The outcome in one order of a race need not be that in another.
  return race === null && expected === null && statement.expectation === null && hasNews(actual);
}

export interface Acceptances {
  readonly edits: readonly TextEdit[];
  /** The number of statements that the edits change. */
  readonly count: number;
  /** Statements whose outcomes differ between the scenarios that share them: no expectation would be met in all. */
  readonly disputed: readonly CompiledStatement[];
}

/** Groups the results of a statement in the scenarios that share it. */
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
 * The edits that make statements expect their outcomes.
 * @param all The results of all scenarios of a file, so that shared statements are checked in each.
 * @param wants Whether to update a statement; a shared one is updated if this holds in any scenario.
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
