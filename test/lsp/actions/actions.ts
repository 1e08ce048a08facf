import type { CodeAction } from 'vscode-languageserver';
import { edited, openMarked, URI } from '../client';

/** What an editor says that asks for edits when an action is chosen, and shows those that cannot be done. */
export const ABLE = {
  textDocument: {
    codeAction: { dataSupport: true, disabledSupport: true, resolveSupport: { properties: ['edit'] } },
  },
};

/** The actions at the mark of a text: their titles, each with the text after it; null where it has no edit. */
export async function actionsAt(marked: string, only?: readonly string[], capabilities: object = {}) {
  const { client, text, position, diagnostics } = await openMarked(marked, capabilities);
  const range = { start: position, end: position };
  const context = { diagnostics, ...(only === undefined ? {} : { only }) };
  const params = { textDocument: { uri: URI }, range, context };
  const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', params);
  const after = new Map<string, string | null>();
  for (const action of actions) {
    const resolved = action.data
      ? await client.connection.sendRequest<CodeAction>('codeAction/resolve', action)
      : action;
    after.set(action.title, resolved.edit ? edited(text, resolved.edit.changes![URI]!) : null);
  }
  client.dispose();
  return { actions, after, text };
}

/** The line at the mark after each action whose title is of the given kind. */
export async function linesAfter(marked: string, only: readonly string[]): Promise<Record<string, string>> {
  const { after, text } = await actionsAt(marked, only);
  const shared = text.split('\n');
  return Object.fromEntries(
    [...after].map(([title, result]) => {
      const lines = (result ?? '').split('\n').filter((line) => !shared.includes(line));
      return [title, lines.join('\n')];
    }),
  );
}
