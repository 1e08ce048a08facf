import { lastOf } from '../../simulator';
import { assign } from '../diagnostics/report';
import { parseRaceExpectation } from '../expectations/race';
import type { Keyword } from '../table/statements';
import type { StatementSpec } from '../table/syntax';
import type { Block, RaceBlock, Span, Statement } from '../tree/tree';
import { atSyncPoint } from './boundaries';
import {
  type BlockKeyword,
  type Cursor,
  errorAt,
  noteCandidate,
  operatorAt,
  peek,
  previous,
  spanOf,
  take,
} from './cursor';
import * as scope from './scope';

/** The blocks whose end has not been parsed yet, and those that are finished. */

/** A block whose end has not been parsed yet. */
interface Level {
  readonly keyword: BlockKeyword;
  readonly header: Statement;
  /** Offset of the brace, or of the position where it is missing. */
  readonly start: number;
  /** The number of statements before those in the block. */
  readonly first: number;
  /** Of a race. */
  readonly tasks: Block[];
  /** No such block is allowed here: the parser only looks for the brace that closes it. */
  readonly misplaced: boolean;
  /** Of the statements above it. */
  readonly race: Cursor['race'];
}

export interface Blocks {
  /** From the outermost to the innermost. */
  readonly open: Level[];
  readonly blocks: Block[];
  readonly races: RaceBlock[];
  readonly braced: Block[];
}

export function noBlocks(): Blocks {
  return { open: [], blocks: [], races: [], braced: [] };
}

/** The keyword of the innermost block. */
export function innermost({ open }: Blocks): BlockKeyword | null {
  return open.at(-1)?.keyword ?? null;
}

function isBlockKeyword(keyword: Keyword): keyword is BlockKeyword {
  return keyword === 'scenario' || keyword === 'race' || keyword === 'task';
}

const EXPECTED: Readonly<Record<BlockKeyword, string>> = {
  scenario: 'expected `{` and the statements of the scenario, then `}`',
  race: 'expected `{` and the tasks of the race, then `}`',
  task: 'expected `{` and the calls of the task, then `}`',
};

/** Why a block cannot be where it is; null if it can. */
function misplacement({ open }: Blocks, keyword: BlockKeyword): string | null {
  const isOpen = (other: BlockKeyword) => open.some((level) => level.keyword === other);
  if (keyword === 'race' && isOpen('race'))
    return 'a race cannot contain a race: write its tasks into the outer one';
  return keyword === 'task' && isOpen('task')
    ? 'a task cannot contain a task: write them one below the other'
    : null;
}

/** Begins the block of a header that was just parsed: takes its brace, or reports that it is missing. */
export function beginBlock(
  cursor: Cursor,
  blocks: Blocks,
  header: Statement,
  statements: readonly Statement[],
): void {
  const { keyword } = header;
  if (!isBlockKeyword(keyword)) return;
  const problem = misplacement(blocks, keyword);
  if (problem !== null) assign(cursor.report, header, [errorAt(cursor, 'G014', header.keywordSpan, problem)]);
  const hasBrace = operatorAt(cursor) === '{';
  const start = hasBrace ? take(cursor).start : previous(cursor).end;
  if (!hasBrace && header.wellFormed && problem === null) {
    assign(cursor.report, header, [errorAt(cursor, 'G014', spanOf(previous(cursor)), EXPECTED[keyword])]);
  }
  // Without its brace, a race or a task whose place is wrong or that is being typed does not reach for what is below it.
  if (!hasBrace && (keyword === 'race' || problem !== null)) return;
  if (keyword === 'scenario') scope.openBlock(cursor.scope);
  const misplaced = problem !== null;
  blocks.open.push({
    keyword,
    header,
    start,
    first: statements.length,
    tasks: [],
    misplaced,
    race: cursor.race,
  });
  if (keyword === 'race') cursor.race = 'in';
}

/** Ends the innermost block where the last token ends. */
function endInnermost(
  cursor: Cursor,
  blocks: Blocks,
  statements: readonly Statement[],
  closed: boolean,
): void {
  const level = blocks.open.pop();
  if (level === undefined) return;
  const { keyword, header, start, first, tasks, misplaced, race: above } = level;
  const { end } = previous(cursor);
  const block: Block = {
    span: { start: header.span.start, end },
    header,
    body: { start, end },
    closed,
    // Misplaced blocks may be thousands deep: each with all statements in it would take quadratic space.
    statements: misplaced ? [] : statements.slice(first),
  };
  if (keyword === 'scenario') {
    cursor.race = above;
    scope.closeBlock(cursor.scope);
    blocks.blocks.push(block);
    blocks.braced.push(block);
    return;
  }
  if (keyword === 'race' && !misplaced) {
    cursor.race = 'behind';
    const race = raceOf(cursor, block, tasks);
    blocks.races.push(race);
    blocks.braced.push(race);
    return;
  }
  blocks.braced.push(block);
  if (keyword === 'task' && !misplaced) {
    blocks.open.findLast((outer) => outer.keyword === 'race' && !outer.misplaced)?.tasks.push(block);
  }
}

/** The race of a block, with the expectation that follows its brace. */
function raceOf(cursor: Cursor, block: Block, tasks: readonly Block[]): RaceBlock {
  if (block.closed && !peek(cursor).lineStart) noteCandidate(cursor, { kind: 'race-arrow' }, false);
  if (!block.closed || peek(cursor).kind !== 'arrow') return { ...block, tasks, expectation: null };
  const before = cursor.report.diagnostics.length;
  cursor.expectation = null;
  const expectation = parseRaceExpectation(cursor);
  assign(cursor.report, expectation, cursor.report.diagnostics.slice(before));
  const span = { start: block.span.start, end: expectation.span.end };
  return { ...block, span, tasks, expectation };
}

/** Skips and reports an expectation behind the brace of a task. */
function refuseExpectation(cursor: Cursor): Span | null {
  if (peek(cursor).kind !== 'arrow') return null;
  const arrow = spanOf(take(cursor));
  const message =
    'a task has no expectation: write it behind one of its calls, or behind the `}` of the race';
  errorAt(cursor, 'G012', arrow, message);
  while (!atSyncPoint(cursor) && !peek(cursor).lineStart) take(cursor);
  return { start: arrow.start, end: previous(cursor).end };
}

/** Ends the innermost block, whose `}` is missing, before `what`. */
function endUnclosed(cursor: Cursor, blocks: Blocks, statements: readonly Statement[], what: string): void {
  const { keyword, header } = lastOf(blocks.open);
  const message = `the block of this ${keyword} is not closed: \`}\` is missing before ${what}`;
  assign(cursor.report, header, [errorAt(cursor, 'G014', header.keywordSpan, message)]);
  endInnermost(cursor, blocks, statements, false);
}

/** Ends the blocks that cannot contain a statement that begins at the current token: their `}` is missing. */
export function endBlocksBefore(
  cursor: Cursor,
  blocks: Blocks,
  statements: readonly Statement[],
  { keyword }: StatementSpec<Keyword>,
): void {
  const inner = blocks.open.at(-1);
  if (keyword === 'task' && inner?.keyword === 'task' && !inner.misplaced)
    endUnclosed(cursor, blocks, statements, 'the next task');
  if (keyword !== 'scenario') return;
  while (blocks.open.length > 0) endUnclosed(cursor, blocks, statements, 'the next scenario');
}

/** Takes a `}`, which ends the innermost block. Returns text that belongs to nothing: a brace too many, an expectation. */
export function takeClosingBrace(
  cursor: Cursor,
  blocks: Blocks,
  statements: readonly Statement[],
): Span | null {
  const span = spanOf(take(cursor));
  const ended = innermost(blocks);
  if (ended !== null) {
    endInnermost(cursor, blocks, statements, true);
    return ended === 'task' ? refuseExpectation(cursor) : null;
  }
  errorAt(cursor, 'G014', span, 'unmatched `}`: no block is open here');
  return span;
}

/** Ends all blocks at the end of the text. */
export function endAllBlocks(cursor: Cursor, blocks: Blocks, statements: readonly Statement[]): void {
  while (blocks.open.length > 0) endUnclosed(cursor, blocks, statements, `the end of the ${cursor.whole}`);
  blocks.braced.sort((a, b) => a.span.start - b.span.start);
  blocks.races.sort((a, b) => a.span.start - b.span.start);
}
