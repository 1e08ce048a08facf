import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Analysis, analyze, type Whole } from '../language';
import { once } from './once';
import { type Budget, type Rehearsal, rehearse } from './rehearsal/rehearsal';
import { createStore, type Store } from './store';

/** The documents that the editor has open, with what is known about each. */

/** Longer texts are not checked: they are no scenarios, and would hold up everything else. */
export const LONGEST_TEXT = 2 * 1024 * 1024;

/** One version of a document. What it takes time to know is found out when it is first asked for. */
export interface ScenarioDocument {
  readonly document: TextDocument;
  readonly isTooLong: boolean;
  /** Of an empty text where the text is too long. */
  readonly analysis: () => Analysis;
  readonly rehearsal: () => Rehearsal;
  /** Whether a newer version has taken its place. */
  readonly isOutdated: () => boolean;
}

export type Documents = Store<ScenarioDocument>;

/** No documents yet. Each version of one may be run within `budget`; `whole` is what each is. */
export function createDocuments(budget: Budget, whole: Whole = 'file'): Documents {
  /** The last rehearsal of each document, which the next one goes on from. */
  const rehearsals = new Map<string, Rehearsal>();

  const store = createStore<ScenarioDocument>((document, isOutdated) => {
    const { uri } = document;
    const text = document.getText();
    const isTooLong = text.length > LONGEST_TEXT;
    const analysis = once(() => analyze(isTooLong ? '' : text, whole));
    const rehearsal = once(() => {
      const started = rehearse(analysis().programs, isOutdated, budget, rehearsals.get(uri));
      if (!isOutdated()) rehearsals.set(uri, started);
      return started;
    });
    return { document, isTooLong, analysis, rehearsal, isOutdated };
  });
  return {
    ...store,
    close: (uri) => {
      store.close(uri);
      rehearsals.delete(uri);
    },
  };
}
