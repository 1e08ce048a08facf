import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';

/** The open texts, each version with a derived value. */

export interface Store<T extends { readonly document: TextDocument }> {
  readonly get: (uri: string) => T | undefined;
  /** @throws Error if uri or text is not a string: messages are untyped. */
  readonly open: (uri: string, version: number, text: string) => T;
  /** @throws Error if the document is not open, or a change is malformed. */
  readonly change: (uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]) => T;
  readonly close: (uri: string) => void;
}

/**
 * Creates an empty store.
 * @param make Creates the value of a version; `isOutdated` returns whether a newer version has replaced it.
 */
export function createStore<T extends { readonly document: TextDocument }>(
  make: (document: TextDocument, isOutdated: () => boolean) => T,
): Store<T> {
  const kept = new Map<string, T>();
  const put = (document: TextDocument): T => {
    const made: T = make(document, () => kept.get(document.uri) !== made);
    kept.set(document.uri, made);
    return made;
  };
  return {
    get: (uri) => kept.get(uri),
    open: (uri, version, text) => {
      if (typeof uri !== 'string' || typeof text !== 'string') throw new Error('uri or text is missing');
      return put(TextDocument.create(uri, 'gmem', version, text));
    },
    change: (uri, version, changes) => {
      const before = kept.get(uri)?.document;
      if (before === undefined) throw new Error(`${uri} is changed, but it is not open`);
      // A copy, because requests on the previous version are still in progress.
      const copy = TextDocument.create(uri, 'gmem', before.version, before.getText());
      return put(TextDocument.update(copy, [...changes], version));
    },
    close: (uri) => void kept.delete(uri),
  };
}
