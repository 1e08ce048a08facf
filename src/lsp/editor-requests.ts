import type { Connection } from 'vscode-languageserver';
import { logError, messageOf } from './log';
import type { Session } from './session';

/** Requests that go the other way, from the server to the editor. */

/** Does what may fail, at the latest because the connection is gone, and says so in the log. */
export function attempt(connection: Connection, failure: string, doing: () => Promise<unknown>): void {
  doing().catch((error: unknown) => logError(connection, `${failure}: ${messageOf(error)}`));
}

/** Has the editor ask for inlay hints again, if it can be told to. */
export function refreshHints(connection: Connection, { abilities }: Session): void {
  if (!abilities.refreshesHints) return;
  attempt(connection, 'hints were not refreshed', async () => connection.languages.inlayHint.refresh());
}
