import type { Connection } from 'vscode-languageserver';
import { diagnose } from './diagnostics';
import type { Scenario } from './documents';
import { logError, messageOf } from './log';
import type { Session } from './session';

/** Follows what the editor does to its documents, and publishes diagnostics of each new version. */

/** Milliseconds without typing after which a text is checked. */
export const TYPING_PAUSE = 120;

/** Returns a function that gives up what is still planned. */
export function synchronise(connection: Connection, session: Session, pause: number): () => void {
  const { documents } = session;
  const planned = new Map<string, ReturnType<typeof setTimeout>>();

  const check = (scenario: Scenario) => {
    const { uri, version } = scenario.document;
    diagnose(scenario, (diagnostics) => {
      void connection.sendDiagnostics({ uri, version, diagnostics });
    }).catch((error) => logError(connection, `${uri} was not checked: ${messageOf(error)}`));
  };
  const cancel = (uri: string) => {
    clearTimeout(planned.get(uri));
    planned.delete(uri);
  };
  const plan = (scenario: Scenario) => {
    const { uri } = scenario.document;
    cancel(uri);
    const timer = setTimeout(() => {
      planned.delete(uri);
      if (!scenario.isOutdated()) check(scenario);
    }, pause);
    planned.set(uri, timer);
  };
  /** Notifications have no answer: what is wrong with one goes to the log. */
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
        logError(connection, `${name} was not understood: ${messageOf(error)}`);
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
