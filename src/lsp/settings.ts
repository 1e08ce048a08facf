import { type Connection, DidChangeConfigurationNotification } from 'vscode-languageserver';
import { attempt, refreshHints } from './editor-requests';
import type { Session } from './session';

/** The settings under `gmemscope.`; package.json describes them. */

export interface Settings {
  readonly format: { readonly align: boolean };
  readonly inlayHints: {
    /** The gfns of addresses. */
    readonly gfns: boolean;
    /** The gfns of a file range in each slot, and the file pages a slot is bound to. */
    readonly bindings: boolean;
    /** The value of an expression. */
    readonly values: boolean;
    /** The size of a range. */
    readonly sizes: boolean;
  };
}

export const DEFAULT_SETTINGS: Settings = {
  format: { align: true },
  inlayHints: { gfns: true, bindings: true, values: true, sizes: true },
};

export const SECTION = 'gmemscope';

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The flags set in a group of settings; defaults for the others. */
function flags<F extends Readonly<Record<string, boolean>>>(defaults: F, given: unknown): F {
  const said = isRecord(given) ? given : {};
  const entries = Object.entries(defaults).map(([name, value]) => {
    const wanted = said[name];
    return [name, typeof wanted === 'boolean' ? wanted : value] as const;
  });
  return Object.fromEntries(entries) as F;
}

/** Reads settings from whatever an editor sends. */
export function settingsOf(given: unknown): Settings {
  const { format, inlayHints } = isRecord(given) ? given : {};
  return {
    format: flags(DEFAULT_SETTINGS.format, format),
    inlayHints: flags(DEFAULT_SETTINGS.inlayHints, inlayHints),
  };
}

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
