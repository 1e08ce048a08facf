import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  type FindParts,
  findInMarkdown,
  findPartsOf,
  type ShownScenario,
  scenariosOf,
} from '../../documents';
import type { Budget } from '../background-run/background-run';
import { createDocuments, type Documents, LONGEST_TEXT, type ScenarioDocument } from '../documents';
import { once } from '../once';
import { createStore, type Store } from '../store';
import type { Fence } from './fence';

/** Open documents that contain scenarios. */

export interface Fenced {
  readonly document: TextDocument;
  readonly findParts: FindParts;
  /** Empty if the text is too long to be checked. */
  readonly fences: () => readonly Fence[];
  readonly isOutdated: () => boolean;
}

/** Maximum number of scenarios per document; further ones are ignored. */
const MOST_FENCES = 200;

/** Finds the parts of a document by its file extension; default: Markdown. */
function findPartsIn(uri: string): FindParts {
  return findPartsOf(uri.replace(/[?#].*$/, '')) ?? findInMarkdown;
}

/** The scenarios of one document across versions; those that a change does not touch are kept. */
class Scenarios {
  private known = new Map<string, ScenarioDocument>();
  private made = 0;

  constructor(
    private readonly uri: string,
    private readonly documents: Documents,
  ) {}

  fencesOf(shown: readonly ShownScenario[]): readonly Fence[] {
    const next = new Map<string, ScenarioDocument>();
    const fences = shown.map((one) => {
      const text = one.before + one.text;
      const scenario =
        next.get(text) ??
        this.known.get(text) ??
        this.documents.open(`${this.uri}#gmem-${this.made++}`, 0, text);
      next.set(text, scenario);
      return { shown: one, scenario };
    });
    this.keep(next);
    return fences;
  }

  close(): void {
    this.keep(new Map());
  }

  private keep(next: Map<string, ScenarioDocument>): void {
    for (const [text, { document }] of this.known) if (!next.has(text)) this.documents.close(document.uri);
    this.known = next;
  }
}

/** An empty store. Each scenario is run within `budget`. */
export function createFencedDocuments(budget: Budget): Store<Fenced> {
  const documents = createDocuments(budget, 'block');
  const byUri = new Map<string, Scenarios>();
  const scenariosIn = (uri: string) => {
    const scenarios = byUri.get(uri) ?? new Scenarios(uri, documents);
    byUri.set(uri, scenarios);
    return scenarios;
  };
  const store = createStore<Fenced>((document, isOutdated) => {
    const { uri } = document;
    const findParts = findPartsIn(uri);
    const fences = once(() => {
      const text = document.getText();
      // Most documents contain no scenario and need no parsing.
      const shown = text.length > LONGEST_TEXT || !text.includes('gmem') ? [] : scenariosOf(text, findParts);
      return scenariosIn(uri).fencesOf(shown.slice(0, MOST_FENCES));
    });
    return { document, findParts, fences, isOutdated };
  });
  return {
    ...store,
    close: (uri) => {
      store.close(uri);
      byUri.get(uri)?.close();
      byUri.delete(uri);
    },
  };
}
