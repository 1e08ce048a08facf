import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Analysis, analysisInPieces, type Whole } from '../language';
import { type BackgroundRun, type Budget, runInBackground } from './background-run/background-run';
import { once } from './once';
import { prepare } from './prepare';
import { type Explorations, exploreInBackground } from './races/exploration';
import { createStore, type Store } from './store';

/** The open documents and their analyses. */

/** Longer texts are not checked: they are not scenarios, and would block everything else. */
export const LONGEST_TEXT = 2 * 1024 * 1024;

/** One version of a scenario document. Expensive results are computed when first requested. */
export interface ScenarioDocument {
  readonly document: TextDocument;
  readonly isTooLong: boolean;
  /** Analysis of an empty text if the text is too long. What analysed() has not done yet is done at once. */
  readonly analysis: () => Analysis;
  /** Analyses the text in slices; over when it is analysed, or outdated. */
  readonly analysed: () => Promise<void>;
  readonly backgroundRun: () => BackgroundRun;
  /** The orders of its races. */
  readonly explorations: () => Explorations;
  /** Whether a newer version has replaced it. */
  readonly isOutdated: () => boolean;
}

export type Documents = Store<ScenarioDocument>;

/** An empty store. Each version of a document is run within `budget`; `whole` is what a document is. */
export function createDocuments(budget: Budget, whole: Whole = 'file'): Documents {
  /** The last background run of each document, which the next one reuses. */
  const backgroundRuns = new Map<string, BackgroundRun>();
  /** The same of its races. */
  const explored = new Map<string, Explorations>();

  const store = createStore<ScenarioDocument>((document, isOutdated) => {
    const { uri } = document;
    const text = document.getText();
    const isTooLong = text.length > LONGEST_TEXT;
    const { now: analysis, ready } = prepare(
      () => analysisInPieces(isTooLong ? '' : text, whole),
      isOutdated,
    );
    const backgroundRun = once(() => {
      const started = runInBackground(analysis().programs, isOutdated, budget, backgroundRuns.get(uri));
      if (!isOutdated()) backgroundRuns.set(uri, started);
      return started;
    });
    const explorations = once(() => {
      const started = exploreInBackground(text, backgroundRun(), isOutdated, budget, explored.get(uri));
      if (!isOutdated()) explored.set(uri, started);
      return started;
    });
    return { document, isTooLong, analysis, analysed: ready, backgroundRun, explorations, isOutdated };
  });
  return {
    ...store,
    close: (uri) => {
      store.close(uri);
      backgroundRuns.delete(uri);
      explored.delete(uri);
    },
  };
}
