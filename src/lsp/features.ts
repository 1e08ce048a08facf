import {
  CodeActionKind,
  CodeLensRequest,
  type Connection,
  InlayHintRequest,
  SelectionRangeRequest,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import type { Abilities } from './abilities';
import { codeActionsIn, resolveAction } from './actions/actions';
import { completionAt } from './completion/completion';
import { refreshHints, refreshLenses } from './editor-requests';
import { foldingRanges } from './folding';
import { formatted } from './formatting';
import { hoverAt } from './hover/hover';
import { inlayHintsIn } from './inlay-hints';
import { codeLenses } from './lenses';
import { lastChangeAt, memoryMapAt } from './memory-map';
import { definitionAt, highlightsAt, referencesAt } from './navigation';
import { PATIENCE } from './races/patience';
import { orderView, racesOf } from './races/requests';
import { prepareRename, rename } from './rename';
import { selectionRanges } from './selection';
import { LEGEND } from './semantic-tokens';
import { afterInitialize, onDocument, onPosition, type Session, spanOf } from './session';
import { signatureHelp } from './signature';
import { symbolsOf } from './symbols';

/** Capabilities that cannot be false, or that only some editors get. */
type LeftOut =
  | 'codeLensProvider'
  | 'diagnosticProvider'
  | 'documentLinkProvider'
  | 'documentOnTypeFormattingProvider'
  | 'executeCommandProvider'
  | 'notebookDocumentSync'
  | 'workspace'
  | 'experimental'
  | 'positionEncoding';

/** The compiler requires all other capabilities of the protocol. */
type Everything = ServerCapabilities & Record<Exclude<keyof ServerCapabilities, LeftOut>, unknown>;

/** The server's capabilities, each with its request. */
const CAPABILITIES = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  completionProvider: { triggerCharacters: [' ', '>'] },
  hoverProvider: true,
  signatureHelpProvider: { triggerCharacters: [' '] },
  documentSymbolProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  inlayHintProvider: true,
  codeActionProvider: {
    codeActionKinds: [
      CodeActionKind.QuickFix,
      CodeActionKind.RefactorRewrite,
      CodeActionKind.RefactorExtract,
    ],
    resolveProvider: true,
  },
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  renameProvider: { prepareProvider: true },
  semanticTokensProvider: { legend: LEGEND, full: { delta: true }, range: true },
  foldingRangeProvider: true,
  selectionRangeProvider: true,

  // Names have a definition only: no separate declaration, type or implementation.
  declarationProvider: false,
  typeDefinitionProvider: false,
  implementationProvider: false,
  // Scenarios do not call each other, and there are no types.
  callHierarchyProvider: false,
  typeHierarchyProvider: false,
  // Scenarios do not refer to other files, and the server reads none: outlines of open files are enough.
  workspaceSymbolProvider: false,
  // No symbol is visible outside its file.
  monikerProvider: false,
  // Linked editing would suit slot numbers, but equal numbers may be unrelated: use rename.
  linkedEditingRangeProvider: false,
  colorProvider: false,
  // Inlay hints show values; during a debug session, the debugger shows its own.
  inlineValueProvider: false,
  // The next statement cannot be predicted: completion lists the possibilities.
  inlineCompletionProvider: false,
  // Omitted, because they cannot be false: documentLinkProvider (editors underline links, and nearly every keyword would
  // have one: the hover has them); documentOnTypeFormattingProvider (columns that move under the cursor
  // are a nuisance, and the editor indents by language-configuration.json); executeCommandProvider (every action is
  // an edit, or a command of the editor); diagnosticProvider (diagnostics are pushed, twice if the scenario takes long to run); workspace and
  // notebookDocumentSync (only single open documents are known); positionEncoding (the default is UTF-16);
  // experimental.
} satisfies Everything;

export function capabilitiesFor({ commands, orders }: Abilities): ServerCapabilities {
  // Lenses run commands of the editor; without those commands there are no lenses.
  return commands || orders
    ? { ...CAPABILITIES, codeLensProvider: { resolveProvider: false } }
    : CAPABILITIES;
}

function registerWriting(connection: Connection, session: Session): void {
  connection.onCompletion(
    onPosition(session, (scenario, offset) => completionAt(scenario, offset, session.abilities)),
  );
  connection.onSignatureHelp(
    onPosition(session, (scenario, offset) =>
      signatureHelp(scenario, offset, session.abilities.labelOffsets),
    ),
  );
  connection.onCodeAction(
    onDocument(session, (scenario, { range, context }) =>
      codeActionsIn(scenario, spanOf(scenario, range), context ?? {}, session.abilities),
    ),
  );
  connection.onCodeActionResolve(
    afterInitialize(session, (action) => resolveAction(action, session.documents.get)),
  );
  connection.onDocumentFormatting(
    onDocument(session, async (scenario) => {
      await session.settingsRead;
      return formatted(scenario, session.settings.format);
    }),
  );
  connection.onDocumentRangeFormatting(
    onDocument(session, async (scenario, { range }) => {
      await session.settingsRead;
      return formatted(scenario, session.settings.format, spanOf(scenario, range));
    }),
  );
  connection.onPrepareRename(onPosition(session, prepareRename));
  connection.onRenameRequest(
    onPosition(session, (scenario, offset, { newName }) => rename(scenario, offset, newName)),
  );
}

function registerReading(connection: Connection, session: Session): void {
  connection.onHover(onPosition(session, hoverAt));
  connection.onDefinition(onPosition(session, definitionAt));
  connection.onReferences(
    onPosition(session, (scenario, offset, { context }) =>
      referencesAt(scenario, offset, context?.includeDeclaration === true),
    ),
  );
  connection.onDocumentHighlight(onPosition(session, highlightsAt));
  connection.onDocumentSymbol(onDocument(session, symbolsOf));
  connection.onFoldingRanges(
    onDocument(session, (scenario) => foldingRanges(scenario, session.abilities.foldsLines)),
  );
  connection.onRequest(
    SelectionRangeRequest.type,
    onDocument(session, (scenario, { positions }) => selectionRanges(scenario, positions)),
  );
  connection.onRequest(
    InlayHintRequest.type,
    onDocument(session, async (scenario, { range }) => {
      await session.settingsRead;
      return inlayHintsIn(scenario, spanOf(scenario, range), session.settings.inlayHints, {
        most: PATIENCE,
        onLate: () => refreshHints(connection, session),
      });
    }),
  );
  connection.onRequest(
    CodeLensRequest.type,
    onDocument(session, (scenario) =>
      codeLenses(scenario, session.abilities, {
        most: PATIENCE,
        onLate: () => refreshLenses(connection, session),
      }),
    ),
  );
}

/** Custom requests, for views that show the machine beside the text, or the outcomes of its races. */
function registerViews(connection: Connection, session: Session): void {
  connection.onRequest('gmemscope/memoryMap', onPosition(session, memoryMapAt));
  connection.onRequest('gmemscope/lastChange', onPosition(session, lastChangeAt));
  connection.onRequest('gmemscope/races', onDocument(session, racesOf));
  connection.onRequest('gmemscope/order', onDocument(session, orderView));
}

function registerTokens(connection: Connection, session: Session): void {
  const { tokens } = session;
  const { semanticTokens } = connection.languages;
  semanticTokens.on(onDocument(session, tokens.full));
  semanticTokens.onDelta(
    onDocument(session, (scenario, { previousResultId }) => tokens.delta(scenario, previousResultId)),
  );
  semanticTokens.onRange(
    onDocument(session, (scenario, { range }) => tokens.within(scenario, spanOf(scenario, range))),
  );
}

export function registerFeatures(connection: Connection, session: Session): void {
  registerWriting(connection, session);
  registerReading(connection, session);
  registerTokens(connection, session);
  registerViews(connection, session);
}
