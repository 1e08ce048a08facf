import {
  CodeActionKind,
  type Connection,
  InlayHintRequest,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { completionAt } from './completion';
import { hoverAt } from './hover';
import { inlayHintsIn } from './inlay-hints';
import { definitionAt, highlightsAt, referencesAt } from './navigation';
import { quickFixes } from './quick-fixes';
import { onDocument, onPosition, type Session } from './session';
import { symbolsOf } from './symbols';

/** What the server can do: each capability with the request that it promises. */

export const CAPABILITIES: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  completionProvider: { triggerCharacters: [' '] },
  hoverProvider: true,
  documentSymbolProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  inlayHintProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
};

export function registerFeatures(connection: Connection, session: Session): void {
  connection.onCompletion(
    onPosition(session, (scenario, offset) => completionAt(scenario, offset, session.snippets)),
  );
  connection.onHover(onPosition(session, hoverAt));
  connection.onDefinition(onPosition(session, definitionAt));
  connection.onReferences(
    onPosition(session, (scenario, offset, { context }) =>
      referencesAt(scenario, offset, context?.includeDeclaration === true),
    ),
  );
  connection.onDocumentHighlight(onPosition(session, highlightsAt));
  connection.onDocumentSymbol(onDocument(session, symbolsOf));
  connection.onCodeAction(
    onDocument(session, (scenario, { context }) => quickFixes(scenario, context?.diagnostics ?? [])),
  );
  connection.onRequest(
    InlayHintRequest.type,
    onDocument(session, (scenario, { range }) => {
      const { document } = scenario;
      const all = { start: 0, end: document.getText().length };
      const asked = range
        ? { start: document.offsetAt(range.start), end: document.offsetAt(range.end) }
        : all;
      return inlayHintsIn(scenario, asked.start, asked.end);
    }),
  );
}
