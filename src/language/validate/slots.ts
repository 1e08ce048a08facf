import { quote } from '../diagnostics/diagnostics';
import { reportError, reportWarning } from '../diagnostics/report';
import { MAX_SLOT_ID } from '../parse/numbers';
import type { Pieces } from '../pieces';
import type { Keyword } from '../table/statements';
import { withStates } from '../tree/blocks';
import { type Layer, layer } from '../tree/layer';
import { isDefinedBefore, type Occurrence, occurrencesByStatement } from '../tree/symbols';
import type { Document, RaceBlock, Statement } from '../tree/tree';
import { type Context, ownerOf } from './context';

/** Checks slot ids: that they fit in 32 bits, and that slots exist. KVM itself refuses ids above its limit. */

/** Statements that use the memory or the size of an existing slot. */
const NEEDS_SLOT: ReadonlySet<Keyword> = new Set(['move', 'discard', 'host']);

export function* checkSlots(context: Context): Pieces<void> {
  const byStatement = occurrencesByStatement(context.symbols, 'slot');
  const none: Layer<string, Statement> = layer();
  const races = raceByStatement(context.document);
  const isRaced = (one: Statement, other: Statement) => races.has(one) && races.get(one) === races.get(other);
  for (const [statement, deleted] of withStates(context.document, none, layer)) {
    for (const occurrence of byStatement.get(statement) ?? []) {
      checkSlot(context, occurrence, deleted, isRaced);
    }
    yield;
  }
}

/** The race that each statement in a race belongs to. */
function raceByStatement({ races }: Document): ReadonlyMap<Statement, RaceBlock> {
  return new Map(races.flatMap((race) => race.statements.map((statement) => [statement, race] as const)));
}

/**
 * @param deleted The statement that deleted each slot.
 * @param isRaced Whether two statements are in the same race, so that either may come first.
 */
function checkSlot(
  context: Context,
  occurrence: Occurrence,
  deleted: Layer<string, Statement>,
  isRaced: (one: Statement, other: Statement) => boolean,
): void {
  const { symbol, statement, span, inExpectation } = occurrence;
  const key = `${symbol.vm} ${symbol.name}`;
  if (BigInt(symbol.name) > MAX_SLOT_ID) {
    const message = `${quote(symbol.name)} does not fit in the 32 bits of a slot id`;
    reportError(context.report, ownerOf(occurrence), 'G113', span, message);
    return;
  }
  // An expectation about a slot that does not exist fails when the scenario runs.
  if (inExpectation) return;
  if (NEEDS_SLOT.has(statement.keyword) && !isDefinedBefore(occurrence)) {
    const gone = deleted.get(key);
    if (gone !== undefined && isRaced(gone, statement)) return;
    const message = `\`${statement.keyword}\` needs slot ${symbol.name}, which`;
    if (gone === undefined) {
      reportError(context.report, statement, 'G112', span, `${message} does not exist`);
    } else {
      // A warning: the scenario may show what becomes of a call that comes too late.
      const related = [{ span: gone.span, message: 'deleted here' }];
      reportWarning(context.report, statement, 'G112', span, `${message} has been deleted`, { related });
    }
  }
  if (statement.keyword === 'delete') deleted.set(key, statement);
}
