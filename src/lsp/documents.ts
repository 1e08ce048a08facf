import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Analysis, analyze, type Whole } from '../language';
import { once } from './once';
import { type Budget, type Rehearsal, rehearse } from './rehearsal/rehearsal';
import { createStore, type Store } from './store';

/** The open documents and their analyses. */

/** Longer texts are not checked: they are not scenarios, and would block everything else. */
export const LONGEST_TEXT = 2 * 1024 * 1024;

/** One version of a scenario document. Expensive results are computed when first requested. */
export interface ScenarioDocument {
  readonly document: TextDocument;
  readonly isTooLong: boolean;
  /** Analysis of an empty text if the text is too long. */
  readonly analysis: () => Analysis;
  readonly rehearsal: () => Rehearsal;
  /** Whether a newer version has replaced it. */
  readonly isOutdated: () => boolean;
}

export type Documents = Store<ScenarioDocument>;

/** An empty store. Each version of a document is run within `budget`; `whole` is what a document is. */
export function createDocuments(budget: Budget, whole: Whole = 'file'): Documents {
  /** The last background run of each document, which the next one reuses. */
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
