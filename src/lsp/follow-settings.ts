import { type Connection, DidChangeConfigurationNotification } from 'vscode-languageserver';
import { attempt, refreshHints } from './editor-requests';
import type { Session } from './session';
import { isRecord, SECTION, settingsOf } from './settings';

/** Milliseconds to wait for an editor that does not answer. */
const PATIENCE = 1000;

/** Requests the settings from the editor; requests that need them wait for the answer, up to a timeout. */
async function read(connection: Connection, session: Session): Promise<void> {
  const asked = connection.workspace.getConfiguration(SECTION).then((given: unknown) => {
    session.settings = settingsOf(given);
  });
  session.settingsRead = new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE);
    const answered = () => {
      clearTimeout(timer);
      resolve();
    };
    asked.then(answered, answered);
  });
  await asked;
  refreshHints(connection, session);
}

/** Keeps the settings current: requests them from the editor, or, if unsupported, uses those it sends. */
export function followSettings(connection: Connection, session: Session): void {
  const readAgain = () => attempt(connection, 'settings were not read', () => read(connection, session));
  connection.onInitialized(() => {
    const { configuration, tellsOfSettings } = session.abilities;
    if (!configuration) return;
    readAgain();
    if (!tellsOfSettings) return;
    attempt(connection, 'settings are not followed', async () =>
      connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION }),
    );
  });
  connection.onDidChangeConfiguration((params) => {
    if (session.phase !== 'running') return;
    if (session.abilities.configuration) {
      readAgain();
      return;
    }
    const sent: unknown = params?.settings;
    if (isRecord(sent) && SECTION in sent) session.settings = settingsOf(sent[SECTION]);
  });
}
