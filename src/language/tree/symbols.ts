import { elementAt, must } from '../../simulator';
import { finish, type Pieces } from '../pieces';
import { type ArgumentPart, argumentsOf } from '../table/syntax';
import { withStates } from './blocks';
import { type Layer, layer } from './layer';
import { type Document, numberFor, type Span, type Statement } from './tree';
import { placeStatements } from './vms';

/**
 * Files, slots, constants and named calls of a document, with their definitions and uses. Each `gmem NAME` and each `as
 * NAME` defines the name again, because it refers to the descriptor or the call that was made last. A slot id is
 * defined again by the first `slot ID` after `delete slot ID`; `slot ID` on an existing slot is an update, and counts
 * as a use. Slots belong to a VM, files to the scenario. Names defined in a block are known only in that block.
 */

export interface Occurrence {
  readonly span: Span;
  readonly statement: Statement;
  readonly symbol: ScenarioSymbol;
  /** Whether the statement is one that creates: `gmem`, `slot`. */
  readonly creates: boolean;
  /** Whether it is in an expectation. */
  readonly inExpectation: boolean;
}

export interface ScenarioSymbol {
  readonly kind: SymbolRole;
  /** The name, or the slot's id in decimal. */
  readonly name: string;
  /** The number of the VM that a slot belongs to; null for other symbols. */
  readonly vm: number | null;
  /** Null if nothing creates it. The definition may come after the first uses. */
  definition: Occurrence | null;
  readonly references: Occurrence[];
}

export interface Symbols {
  /** In the order in which they first occur. */
  readonly symbols: readonly ScenarioSymbol[];
  /** The occurrences of all symbols, in the order of the text. */
  readonly occurrences: readonly Occurrence[];
}

type SymbolRole = 'file' | 'slot' | 'constant' | 'call';

/** A name in the text that refers to a symbol. */
interface Mention {
  readonly kind: SymbolRole;
  readonly name: string;
  readonly span: Span;
  readonly defines: boolean;
  readonly inExpectation: boolean;
}

function mentionOf(statement: Statement, part: ArgumentPart): readonly Mention[] {
  const { role: kind, defines } = part;
  if (kind === 'file' || kind === 'constant' || kind === 'call') {
    const node = statement.names[kind];
    return node === undefined
      ? []
      : [{ kind, name: node.text, span: node.span, defines, inExpectation: false }];
  }
  const node = numberFor(statement, kind);
  if (node === undefined) return [];
  const constants = node.constants.map(
    ({ text: name, span }): Mention => ({
      kind: 'constant',
      name,
      span,
      defines: false,
      inExpectation: false,
    }),
  );
  if (kind !== 'slot' || node.value === null) return constants;
  return [{ kind, name: String(node.value), span: node.span, defines, inExpectation: false }, ...constants];
}

/** Files, slots, constants and calls that a statement names, in the order of the text. */
function mentionsIn(statement: Statement): readonly Mention[] {
  const expected = (statement.expectation?.names ?? []).map(
    ({ role: kind, text: name, span }): Mention => ({
      kind,
      name,
      span,
      defines: false,
      inExpectation: true,
    }),
  );
  const mentions = argumentsOf(statement.spec).flatMap((part) => mentionOf(statement, part));
  return [...mentions, ...expected].sort((a, b) => a.span.start - b.span.start);
}

/** Finds the files, slots, constants and named calls of a document, in pieces. */
export function* symbolsInPieces(document: Document): Pieces<Symbols> {
  const symbols: ScenarioSymbol[] = [];
  const occurrences: Occurrence[] = [];
  const vms = new Map(placeStatements(document).map(({ statement, vm }) => [statement, vm.number]));
  for (const [statement, known] of withStates<Layer<string, ScenarioSymbol>>(document, layer(), layer)) {
    yield;
    for (const { kind, name, span, defines, inExpectation } of mentionsIn(statement)) {
      const vm = kind === 'slot' ? must(vms.get(statement), 'VM of the statement') : null;
      const key = `${kind} ${name} ${vm}`;
      let symbol = known.get(key);
      const again = (kind === 'file' || kind === 'call') && defines && symbol?.definition != null;
      if (symbol === undefined || again) {
        symbol = { kind, name, vm, definition: null, references: [] };
        known.set(key, symbol);
        symbols.push(symbol);
      }
      const occurrence = { span, statement, symbol, creates: defines, inExpectation };
      occurrences.push(occurrence);
      if (defines && symbol.definition === null) symbol.definition = occurrence;
      else symbol.references.push(occurrence);
    }
    const deleted = statement.keyword === 'delete' ? statement.numbers.slot?.value : null;
    const key = `slot ${deleted} ${vms.get(statement)}`;
    if (known.get(key)?.definition != null) known.delete(key);
  }
  return { symbols, occurrences };
}

/** As symbolsInPieces(), at once. */
export function findSymbols(document: Document): Symbols {
  return finish(symbolsInPieces(document));
}

/** Whether the symbol is created before this occurrence. */
export function isDefinedBefore(occurrence: Occurrence): boolean {
  const definition = occurrence.symbol.definition;
  return definition !== null && definition.span.start < occurrence.span.start;
}

/** The occurrences of symbols of one kind, by statement. */
export function occurrencesByStatement(
  { occurrences }: Symbols,
  kind: ScenarioSymbol['kind'],
): ReadonlyMap<Statement, readonly Occurrence[]> {
  const byStatement = new Map<Statement, Occurrence[]>();
  for (const occurrence of occurrences) {
    if (occurrence.symbol.kind !== kind) continue;
    const list = byStatement.get(occurrence.statement);
    if (list === undefined) byStatement.set(occurrence.statement, [occurrence]);
    else list.push(occurrence);
  }
  return byStatement;
}

/** Index of the last occurrence that starts at or before the offset; -1 if there is none. */
function lastAt({ occurrences }: Symbols, offset: number): number {
  let low = 0;
  let high = occurrences.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (elementAt(occurrences, middle).span.start <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The occurrence that contains the offset or ends at it. For a constant in the number of a slot, this is the constant.
 */
export function occurrenceAt(symbols: Symbols, offset: number): Occurrence | null {
  const last = lastAt(symbols, offset);
  const statement = symbols.occurrences[last]?.statement;
  for (let at = last; at >= 0 && elementAt(symbols.occurrences, at).statement === statement; at--) {
    const occurrence = elementAt(symbols.occurrences, at);
    if (offset <= occurrence.span.end) return occurrence;
  }
  return null;
}
