import { CodeLensRefreshRequest, type Connection } from 'vscode-languageserver';
import { logError, messageOf } from './log';
import type { Session } from './session';

/** Requests from the server to the editor. */

/** Runs an action that may fail, for example because the connection is closed, and logs failures. */
export function attempt(connection: Connection, failure: string, doing: () => Promise<unknown>): void {
  doing().catch((error: unknown) => logError(connection, `${failure}: ${messageOf(error)}`));
}

/** Requests a refresh of inlay hints, if the editor supports it. */
export function refreshHints(connection: Connection, { abilities }: Session): void {
  if (!abilities.refreshesHints) return;
  attempt(connection, 'hints were not refreshed', async () => connection.languages.inlayHint.refresh());
}

/** Requests a refresh of code lenses, if the editor supports it. */
export function refreshLenses(connection: Connection, { abilities }: Session): void {
  if (!abilities.refreshesLenses) return;
  attempt(connection, 'lenses were not refreshed', () => connection.sendRequest(CodeLensRefreshRequest.type));
}
