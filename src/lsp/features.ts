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
import { refreshHints } from './editor-requests';
import { foldingRanges } from './folding';
import { formatted } from './formatting';
import { hoverAt } from './hover/hover';
import { HINT_PATIENCE, inlayHintsIn } from './inlay-hints';
import { codeLenses } from './lenses';
import { documentLinks } from './links';
import { lastChangeAt, memoryMapAt } from './memory-map';
import { definitionAt, highlightsAt, referencesAt } from './navigation';
import { prepareRename, rename } from './rename';
import { selectionRanges } from './selection';
import { LEGEND } from './semantic-tokens';
import { afterInitialize, onDocument, onPosition, type Session, spanOf } from './session';
import { signatureHelp } from './signature';
import { symbolsOf } from './symbols';

/** What cannot be false, or is there for some editors only. */
type LeftOut =
  | 'codeLensProvider'
  | 'diagnosticProvider'
  | 'documentOnTypeFormattingProvider'
  | 'executeCommandProvider'
  | 'notebookDocumentSync'
  | 'workspace'
  | 'experimental'
  | 'positionEncoding';

/** The compiler asks for everything else that the protocol knows of. */
type Everything = ServerCapabilities & Record<Exclude<keyof ServerCapabilities, LeftOut>, unknown>;

/** What the server can do: each capability with the request that it promises. */
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
  documentLinkProvider: {},

  // A name is where it is made: there is no declaration, type or implementation besides.
  declarationProvider: false,
  typeDefinitionProvider: false,
  implementationProvider: false,
  // Scenarios do not call each other, and nothing has a type.
  callHierarchyProvider: false,
  typeHierarchyProvider: false,
  // A scenario names nothing of another file, and the server reads none: the outlines of open ones say it all.
  workspaceSymbolProvider: false,
  // No symbol is known outside of its file.
  monikerProvider: false,
  // What is typed twice here is a slot's number, which may be any other's as well: renaming is asked for.
  linkedEditingRangeProvider: false,
  colorProvider: false,
  // Values are in inlay hints; during a debug session the debugger has its own.
  inlineValueProvider: false,
  // Nobody can tell what somebody wants to try next: completion lists what there is.
  inlineCompletionProvider: false,
  // Left out, as it cannot be false: documentOnTypeFormattingProvider, since columns that move under the cursor are in
  // the way, and the editor indents by language-configuration.json; executeCommandProvider, since every action is an
  // edit; diagnosticProvider, since diagnostics are pushed, twice where the scenario takes long to run; workspace and
  // notebookDocumentSync, since only open documents are known, each by itself; positionEncoding, since positions are in
  // UTF-16 where nothing is said; experimental.
} satisfies Everything;

export function capabilitiesFor({ commands }: Abilities): ServerCapabilities {
  // The lenses are commands of the editor: without them there are none.
  return commands ? { ...CAPABILITIES, codeLensProvider: { resolveProvider: false } } : CAPABILITIES;
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
  connection.onDocumentLinks(onDocument(session, documentLinks));
  connection.onRequest(
    InlayHintRequest.type,
    onDocument(session, async (scenario, { range }) => {
      await session.settingsRead;
      return inlayHintsIn(scenario, spanOf(scenario, range), session.settings.inlayHints, {
        most: HINT_PATIENCE,
        onLate: () => refreshHints(connection, session),
      });
    }),
  );
  connection.onRequest(
    CodeLensRequest.type,
    onDocument(session, (scenario) => (session.abilities.commands ? codeLenses(scenario) : [])),
  );
}

/** Requests of our own, for those that show the machine beside the text. */
function registerMemoryMap(connection: Connection, session: Session): void {
  connection.onRequest('gmemscope/memoryMap', onPosition(session, memoryMapAt));
  connection.onRequest('gmemscope/lastChange', onPosition(session, lastChangeAt));
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
  registerMemoryMap(connection, session);
}
