import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { type Block, type Keyword, printStatement, type Span, type Statement } from '../language';
import { elementAt } from '../simulator';
import type { ScenarioDocument } from './documents';
import { rangeOf } from './positions';

/** The outline: scenarios, races and tasks with their statements. Statements that create something show its name. */

const KINDS: Readonly<Partial<Record<Keyword, SymbolKind>>> = {
  kernel: SymbolKind.Package,
  vm: SymbolKind.Module,
  gmem: SymbolKind.File,
  slot: SymbolKind.Struct,
  let: SymbolKind.Constant,
  scenario: SymbolKind.Namespace,
  race: SymbolKind.Namespace,
  task: SymbolKind.Function,
};

/** `gmem A` and `size 4M`; of a constant, its name and value; of other statements, the keyword and the rest. */
function titleOf(statement: Statement, text: string): { name: string; detail: string } {
  const { keyword, names, wellFormed } = statement;
  const words = (wellFormed ? printStatement(statement) : text).split(/\s+/);
  if (keyword === 'let' && wellFormed && names.constant !== undefined)
    return { name: names.constant.text, detail: words.slice(2).join(' ') };
  if (keyword === 'task' && names.task !== undefined)
    return { name: `task ${names.task.text}`, detail: words.slice(2).join(' ') };
  if (keyword === 'scenario' && names.title !== undefined) return { name: names.title.text, detail: '' };
  const lead = keyword === 'gmem' || keyword === 'slot' ? 2 : 1;
  return { name: words.slice(0, lead).join(' '), detail: words.slice(lead).join(' ') };
}

const LONGEST_DETAIL = 100;

export function symbolsOf({ document, analysis }: ScenarioDocument): DocumentSymbol[] {
  const { statements, braced, text } = analysis().document;
  const byHeader = new Map<Statement, Block>(braced.map((block) => [block.header, block]));
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
  const symbolsIn = (all: readonly Statement[]): DocumentSymbol[] => {
    const found: DocumentSymbol[] = [];
    // Inner statements follow the header of their block.
    for (let at = 0; at < all.length; at++) {
      const statement = elementAt(all, at);
      const block = byHeader.get(statement);
      if (block === undefined) found.push(symbol(statement, statement.span));
      else {
        found.push(symbol(statement, block.span, symbolsIn(block.statements)));
        at += block.statements.length;
      }
    }
    return found;
  };
  return symbolsIn(statements);
}
