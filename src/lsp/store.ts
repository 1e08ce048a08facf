import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';

/** The texts that the editor has open, each version with what is made of it. */

export interface Store<T extends { readonly document: TextDocument }> {
  readonly get: (uri: string) => T | undefined;
  /** @throws Error where uri or text is none: what comes over the wire has no types. */
  readonly open: (uri: string, version: number, text: string) => T;
  /** @throws Error where the document is not open, or a change is outside of LSP's form. */
  readonly change: (uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]) => T;
  readonly close: (uri: string) => void;
}

/**
 * Nothing open yet.
 * @param make What a version of a document is kept as; `isOutdated` is whether a newer one has taken its place.
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
      // A copy: answers about the version before are still under way.
      const copy = TextDocument.create(uri, 'gmem', before.version, before.getText());
      return put(TextDocument.update(copy, [...changes], version));
    },
    close: (uri) => void kept.delete(uri),
  };
}
