import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { type Keyword, printStatement, type Statement } from '../language';
import type { Scenario } from './documents';
import { rangeOf } from './positions';

/** The outline: the statements of a scenario, those that make things with the name of what they make. */

const KINDS: Readonly<Partial<Record<Keyword, SymbolKind>>> = {
  kernel: SymbolKind.Package,
  vm: SymbolKind.Module,
  gmem: SymbolKind.File,
  slot: SymbolKind.Struct,
};

/** `gmem A` and `size 4M`; of other statements, the keyword and the rest. */
function titleOf(statement: Statement, text: string): { name: string; detail: string } {
  const words = (statement.wellFormed ? printStatement(statement) : text).split(/\s+/);
  const lead = statement.keyword === 'gmem' || statement.keyword === 'slot' ? 2 : 1;
  return { name: words.slice(0, lead).join(' '), detail: words.slice(lead).join(' ') };
}

const LONGEST_DETAIL = 100;

export function symbolsOf({ document, analysis }: Scenario): DocumentSymbol[] {
  const { statements, text } = analysis().document;
  return statements.map((statement) => {
    const { name, detail } = titleOf(statement, text.slice(statement.span.start, statement.span.end));
    return {
      name,
      detail: detail.slice(0, LONGEST_DETAIL),
      kind: KINDS[statement.keyword] ?? SymbolKind.Event,
      range: rangeOf(document, statement.span),
      selectionRange: rangeOf(document, statement.keywordSpan),
    };
  });
}
