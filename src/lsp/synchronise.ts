import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { logError, messageOf } from './log';
import type { Session } from './session';
import type { Store } from './store';

/** Tracks the editor's documents and publishes diagnostics for each new version. */

/** Milliseconds without typing after which a text is checked. */
export const TYPING_PAUSE = 120;

interface Version {
  readonly document: TextDocument;
  readonly isOutdated: () => boolean;
}

/** The store of a kind of documents, and how to check one. */
export interface Checked<T extends Version> {
  readonly documents: Store<T>;
  readonly diagnose: (version: T, publish: (diagnostics: Diagnostic[]) => void) => Promise<void>;
}

/** Returns a function that cancels pending checks. */
export function synchronise<T extends Version>(
  connection: Connection,
  session: Session,
  { documents, diagnose }: Checked<T>,
  pause: number,
): () => void {
  const planned = new Map<string, ReturnType<typeof setTimeout>>();

  const check = (checked: T) => {
    const { uri, version } = checked.document;
    diagnose(checked, (diagnostics) => {
      void connection.sendDiagnostics({ uri, version, diagnostics });
    }).catch((error) => logError(connection, `${uri} was not checked: ${messageOf(error)}`));
  };
  const cancel = (uri: string) => {
    clearTimeout(planned.get(uri));
    planned.delete(uri);
  };
  const plan = (planning: T) => {
    const { uri } = planning.document;
    cancel(uri);
    const timer = setTimeout(() => {
      planned.delete(uri);
      if (!planning.isOutdated()) check(planning);
    }, pause);
    planned.set(uri, timer);
  };
  /** Notifications have no response: errors go to the log. */
  const guarded =
    <P>(name: string, handle: (params: P) => void) =>
    (params: P) => {
      if (session.phase !== 'running') {
        logError(connection, `${name} came while the server was not running`);
        return;
      }
      try {
        handle(params);
      } catch (error) {
        logError(connection, `${name} was invalid: ${messageOf(error)}`);
      }
    };

  connection.onDidOpenTextDocument(
    guarded('didOpen', ({ textDocument: { uri, version, text } }) => {
      cancel(uri);
      check(documents.open(uri, version, text));
    }),
  );
  connection.onDidChangeTextDocument(
    guarded('didChange', ({ textDocument: { uri, version }, contentChanges }) => {
      plan(documents.change(uri, version, contentChanges));
    }),
  );
  connection.onDidCloseTextDocument(
    guarded('didClose', ({ textDocument: { uri } }) => {
      cancel(uri);
      documents.close(uri);
      session.tokens.forget(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    }),
  );
  return () => {
    for (const uri of [...planned.keys()]) cancel(uri);
  };
}
