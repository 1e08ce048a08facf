import {
  type CodeAction,
  CodeActionKind,
  type CompletionList,
  type Connection,
  ErrorCodes,
  type Hover,
  LSPErrorCodes,
  type Position,
  ResponseError,
  type ServerCapabilities,
  TextDocumentSyncKind,
  type TextEdit,
} from 'vscode-languageserver';
import { wholeLineEdits } from '../../documents';
import { completionAt, type Editor } from '../completion/completion';
import { hoverAt } from '../hover/hover';
import { checkPhase, type Session } from '../session';
import type { Store } from '../store';
import { checkedOf, OUTDATED } from './diagnostics';
import type { Fenced } from './documents';
import { type Fence, hasLine, toInner, toOuter } from './fence';

/** Language features in documents that contain scenarios. They apply inside the scenarios only. */

export const FENCE_CAPABILITIES: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  completionProvider: { triggerCharacters: [' ', '>'] },
  hoverProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
};

const NOTHING: CompletionList = { isIncomplete: true, items: [] };

async function completionIn(fence: Fence, position: Position, editor: Editor): Promise<CompletionList> {
  const { scenario } = fence;
  const offset = scenario.document.offsetAt(toInner(fence, position));
  const { items } = await completionAt(scenario, offset, editor);
  return {
    isIncomplete: true,
    items: items.flatMap(({ textEdit, ...item }) => {
      if (textEdit === undefined || !('range' in textEdit)) return [];
      const range = toOuter(fence, textEdit.range);
      return range === null ? [] : [{ ...item, textEdit: { range, newText: textEdit.newText } }];
    }),
  };
}

async function hoverIn(fence: Fence, position: Position): Promise<Hover | null> {
  const { scenario } = fence;
  const hover = await hoverAt(scenario, scenario.document.offsetAt(toInner(fence, position)));
  if (hover?.range === undefined) return null;
  const range = toOuter(fence, hover.range);
  return range === null ? null : { ...hover, range };
}

/** The edits that update everything the document shows. */
function updatesOf(fenced: Fenced): readonly TextEdit[] {
  const edits = checkedOf(fenced)?.edits ?? [];
  return wholeLineEdits(fenced.document.getText(), edits).map(({ start, end, lines }) => ({
    range: { start: { line: start, character: 0 }, end: { line: end, character: 0 } },
    newText: lines.join(''),
  }));
}

function actionsFor(fenced: Fenced, given: readonly unknown[]): readonly CodeAction[] {
  const isOutdated = (one: unknown) => (one as { code?: unknown } | null)?.code === OUTDATED;
  if (!given.some(isOutdated)) return [];
  const edits = updatesOf(fenced);
  if (edits.length === 0) return [];
  return [
    {
      title: 'Update what the document shows',
      kind: CodeActionKind.QuickFix,
      isPreferred: true,
      edit: { changes: { [fenced.document.uri]: [...edits] } },
    },
  ];
}

export function registerFences(connection: Connection, session: Session, documents: Store<Fenced>): void {
  const find = (params: { textDocument?: { uri?: unknown } } | null | undefined): Fenced => {
    checkPhase(session);
    const uri = params?.textDocument?.uri;
    const fenced = typeof uri === 'string' ? documents.get(uri) : undefined;
    if (fenced !== undefined) return fenced;
    throw new ResponseError(
      ErrorCodes.InvalidParams,
      'the request names no open document (textDocument.uri)',
    );
  };
  /** Handles a request in the scenario at a position; returns `nothing` outside of scenarios. */
  const inFence = async <R>(
    params: { textDocument: { uri: string }; position: Position },
    nothing: R,
    answer: (fence: Fence) => Promise<R>,
  ): Promise<R> => {
    const fenced = find(params);
    const { line, character } = params.position ?? {};
    if (typeof line !== 'number' || typeof character !== 'number') {
      throw new ResponseError(ErrorCodes.InvalidParams, 'the request names no place (position)');
    }
    const fence = fenced.fences().find((one) => hasLine(one, line));
    if (fence === undefined) return nothing;
    const result = await answer(fence);
    if (!fenced.isOutdated()) return result;
    throw new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed meanwhile');
  };
  connection.onCompletion((params) =>
    inFence(params, NOTHING, (fence) => completionIn(fence, params.position, session.abilities)),
  );
  connection.onHover((params) => inFence(params, null, (fence) => hoverIn(fence, params.position)));
  connection.onCodeAction((params) => [...actionsFor(find(params), params.context?.diagnostics ?? [])]);
}
