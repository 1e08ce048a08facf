import { type LineIndex, positionAt } from '../tree/positions';
import type { Block, Owner, RaceBlock, RaceExpectation, Span, Statement } from '../tree/tree';

/** The race of a scenario, as ranges of the statements of its program. */

export interface Race {
  /** The block in the text, from `race` to the end of its expectation. */
  readonly span: Span;
  readonly keywordSpan: Span;
  /** Line of the keyword, from 1. */
  readonly line: number;
  /** The calls of its tasks are the program's statements [start, end). */
  readonly start: number;
  readonly end: number;
  readonly tasks: readonly RaceTask[];
  /** What it expects of all orders; kinds that are not listed are expected never to happen. */
  readonly expected: readonly RaceExpectation[];
  readonly expectationSpan: Span | null;
}

export interface RaceTask {
  readonly name: string;
  readonly nameSpan: Span;
  readonly repeats: boolean;
  /** Its calls: the program's statements [start, end). */
  readonly start: number;
  readonly end: number;
}

type Compiled = readonly { readonly statement: Statement }[];

/** The number of statements that begin before an offset. */
function countBefore(statements: Compiled, offset: number): number {
  const at = statements.findIndex(({ statement }) => statement.span.start >= offset);
  return at < 0 ? statements.length : at;
}

function within(statements: Compiled, { body }: Block): { readonly start: number; readonly end: number } {
  return { start: countBefore(statements, body.start), end: countBefore(statements, body.end) };
}

/**
 * The race of a program with these statements; null if the race or the header of a task has an error, because no order
 * would be one that the author means.
 */
export function raceOf(
  { header, span, tasks, expectation, ...block }: RaceBlock,
  statements: Compiled,
  bad: ReadonlySet<Owner>,
  lines: LineIndex,
): Race | null {
  if (bad.has(header) || tasks.some((task) => bad.has(task.header))) return null;
  if (expectation !== null && bad.has(expectation)) return null;
  return {
    span,
    keywordSpan: header.keywordSpan,
    line: positionAt(lines, header.keywordSpan.start).line + 1,
    ...within(statements, { header, span, ...block }),
    tasks: tasks.flatMap((task): RaceTask[] => {
      const name = task.header.names.task;
      if (name === undefined) return [];
      const repeats = task.header.flags.repeats !== undefined;
      return [{ name: name.text, nameSpan: name.span, repeats, ...within(statements, task) }];
    }),
    expected: (expectation?.items ?? []).map(({ quantifier, what, span: place }) => ({
      quantifier,
      what,
      span: place,
    })),
    expectationSpan: expectation?.span ?? null,
  };
}
