import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { type Block, type Keyword, printStatement, type Span, type Statement } from '../language';
import type { ScenarioDocument } from './documents';
import { rangeOf } from './positions';

/** The outline: blocks with their statements. Statements that create something show its name. */

const KINDS: Readonly<Partial<Record<Keyword, SymbolKind>>> = {
  kernel: SymbolKind.Package,
  vm: SymbolKind.Module,
  gmem: SymbolKind.File,
  slot: SymbolKind.Struct,
  let: SymbolKind.Constant,
  scenario: SymbolKind.Namespace,
};

/** `gmem A` and `size 4M`; of a constant, its name and value; of other statements, the keyword and the rest. */
function titleOf(statement: Statement, text: string): { name: string; detail: string } {
  const { keyword, names, wellFormed } = statement;
  const words = (wellFormed ? printStatement(statement) : text).split(/\s+/);
  if (keyword === 'let' && wellFormed && names.constant !== undefined)
    return { name: names.constant.text, detail: words.slice(2).join(' ') };
  if (keyword === 'scenario' && names.title !== undefined) return { name: names.title.text, detail: '' };
  const lead = keyword === 'gmem' || keyword === 'slot' ? 2 : 1;
  return { name: words.slice(0, lead).join(' '), detail: words.slice(lead).join(' ') };
}

const LONGEST_DETAIL = 100;

export function symbolsOf({ document, analysis }: ScenarioDocument): DocumentSymbol[] {
  const { statements, blocks, text } = analysis().document;
  const byHeader = new Map<Statement, Block>(blocks.map((block) => [block.header, block]));
  const inBlocks = new Set(blocks.flatMap((block) => block.statements));
  const symbol = (statement: Statement, whole: Span, children?: DocumentSymbol[]): DocumentSymbol => {
    const { name, detail } = titleOf(statement, text.slice(statement.span.start, statement.callSpan.end));
    return {
      // Symbols must have a name.
      name: name.trim() === '' ? statement.keyword : name,
      detail: detail.slice(0, LONGEST_DETAIL),
      kind: KINDS[statement.keyword] ?? SymbolKind.Event,
      range: rangeOf(document, whole),
      selectionRange: rangeOf(document, statement.keywordSpan),
      ...(children === undefined ? {} : { children }),
    };
  };
  return statements
    .filter((statement) => !inBlocks.has(statement))
    .map((statement) => {
      const block = byHeader.get(statement);
      if (block === undefined) return symbol(statement, statement.span);
      const children = block.statements.map((inner) => symbol(inner, inner.span));
      return symbol(statement, block.span, children);
    });
}
