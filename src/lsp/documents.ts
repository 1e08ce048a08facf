import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { type Analysis, analyze } from '../language';
import { once } from './once';
import { type Budget, type Rehearsal, rehearse } from './rehearsal/rehearsal';

/** The documents that the editor has open, with what is known about each. */

/** Longer texts are not checked: they are no scenarios, and would hold up everything else. */
export const LONGEST_TEXT = 2 * 1024 * 1024;

/** One version of a document. What it takes time to know is found out when it is first asked for. */
export interface Scenario {
  readonly document: TextDocument;
  readonly isTooLong: boolean;
  /** Of an empty text where the text is too long. */
  readonly analysis: () => Analysis;
  readonly rehearsal: () => Rehearsal;
  /** Whether a newer version has taken its place. */
  readonly isOutdated: () => boolean;
}

export interface Documents {
  readonly get: (uri: string) => Scenario | undefined;
  /** @throws Error where uri or text is none: what comes over the wire has no types. */
  readonly open: (uri: string, version: number, text: string) => Scenario;
  /** @throws Error where the document is not open, or a change is outside of LSP's form. */
  readonly change: (
    uri: string,
    version: number,
    changes: readonly TextDocumentContentChangeEvent[],
  ) => Scenario;
  readonly close: (uri: string) => void;
}

/** No documents yet. Each version of one may be run within `budget`. */
export function createDocuments(budget: Budget): Documents {
  const scenarios = new Map<string, Scenario>();
  /** The last rehearsal of each document, which the next one goes on from. */
  const rehearsals = new Map<string, Rehearsal>();

  const put = (document: TextDocument): Scenario => {
    const { uri } = document;
    const text = document.getText();
    const isTooLong = text.length > LONGEST_TEXT;
    const isOutdated = () => scenarios.get(uri) !== scenario;
    const analysis = once(() => analyze(isTooLong ? '' : text));
    const rehearsal = once(() => {
      const started = rehearse(analysis().programs, isOutdated, budget, rehearsals.get(uri));
      if (!isOutdated()) rehearsals.set(uri, started);
      return started;
    });
    const scenario: Scenario = { document, isTooLong, analysis, rehearsal, isOutdated };
    scenarios.set(uri, scenario);
    return scenario;
  };
  return {
    get: (uri) => scenarios.get(uri),
    open: (uri, version, text) => {
      if (typeof uri !== 'string' || typeof text !== 'string') throw new Error('uri or text is missing');
      return put(TextDocument.create(uri, 'gmem', version, text));
    },
    change: (uri, version, changes) => {
      const scenario = scenarios.get(uri);
      if (scenario === undefined) throw new Error(`${uri} is changed, but it is not open`);
      // A copy: answers about the version before are still under way.
      const before = scenario.document;
      const copy = TextDocument.create(uri, 'gmem', before.version, before.getText());
      return put(TextDocument.update(copy, [...changes], version));
    },
    close: (uri) => {
      scenarios.delete(uri);
      rehearsals.delete(uri);
    },
  };
}
