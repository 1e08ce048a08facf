import { type ArgumentPart, argumentsOf } from './syntax';
import type { Document, NameNode, NumberNode, Span, Statement } from './tree';
import { eachVm } from './vms';

/**
 * Files and slots of a scenario with the places that define and use them. Each `gmem NAME` defines the name
 * anew, since the name stands for the descriptor that was made last. A slot id is defined anew after
 * `delete slot ID`; `slot ID` on an id in use is an update, a use like any other. Each VM has slots of its
 * own; files are the scenario's.
 */

export interface Occurrence {
  readonly span: Span;
  readonly statement: Statement;
  readonly symbol: ScenarioSymbol;
  /** Whether the statement here is one that creates: `gmem`, `slot`. */
  readonly creates: boolean;
}

export interface ScenarioSymbol {
  readonly kind: 'file' | 'slot';
  /** The file's name, or the slot's id in decimal. */
  readonly name: string;
  /** Number of the VM that a slot is of; null for files. */
  readonly vm: number | null;
  /** Null where nothing creates it. It may come after the first uses. */
  definition: Occurrence | null;
  readonly references: Occurrence[];
}

export interface Symbols {
  /** In the order in which they first occur. */
  readonly symbols: readonly ScenarioSymbol[];
  /** Of all symbols, in the order of the text. */
  readonly occurrences: readonly Occurrence[];
}

/** Name under which an argument's symbol is known; null where it is missing or malformed. */
function nodeOf(
  statement: Statement,
  part: ArgumentPart,
): { node: NameNode | NumberNode; name: string } | null {
  if (part.role === 'file') {
    const node = statement.names[part.name];
    return node === undefined ? null : { node, name: node.text };
  }
  const node = statement.numbers[part.name];
  return node === undefined || node.value === null ? null : { node, name: String(node.value) };
}

/** Finds the files and slots of a document. */
export function findSymbols(document: Document): Symbols {
  const symbols: ScenarioSymbol[] = [];
  const occurrences: Occurrence[] = [];
  const known = new Map<string, ScenarioSymbol>();
  for (const { statement, vm } of eachVm(document)) {
    for (const part of argumentsOf(statement.spec)) {
      if (part.role !== 'file' && part.role !== 'slot') continue;
      const found = nodeOf(statement, part);
      if (found === null) continue;
      const owner = part.role === 'slot' ? vm.number : null;
      const key = `${part.role} ${found.name} ${owner}`;
      let symbol = known.get(key);
      const again = part.role === 'file' && part.defines && symbol?.definition != null;
      if (symbol === undefined || again) {
        symbol = { kind: part.role, name: found.name, vm: owner, definition: null, references: [] };
        known.set(key, symbol);
        symbols.push(symbol);
      }
      const occurrence = { span: found.node.span, statement, symbol, creates: part.defines };
      occurrences.push(occurrence);
      if (part.defines && symbol.definition === null) symbol.definition = occurrence;
      else symbol.references.push(occurrence);
      if (statement.keyword === 'delete' && symbol.definition !== null) known.delete(key);
    }
  }
  return { symbols, occurrences };
}

/** Whether what is used here has been created further up. */
export function isDefinedBefore(occurrence: Occurrence): boolean {
  const definition = occurrence.symbol.definition;
  return definition !== null && definition.span.start < occurrence.span.start;
}

/** The file or slot named at an offset; the offset just behind it counts. */
export function occurrenceAt(symbols: Symbols, offset: number): Occurrence | null {
  let low = 0;
  let high = symbols.occurrences.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const occurrence = symbols.occurrences[middle]!;
    if (offset < occurrence.span.start) high = middle - 1;
    else if (offset > occurrence.span.end) low = middle + 1;
    else return occurrence;
  }
  return null;
}
