import { commands, Disposable, debug, type TextDocument, Uri, ViewColumn, window } from 'vscode';
import type { OrderView } from '../../lsp';
import { documentFor, openDocument, scenarioWith } from '../documents';
import { noticeOf } from '../errors';
import type { LanguageConnection } from '../language-client';
import { launchConfiguration } from '../launch/debug-configuration';
import { programOf } from '../launch/program-uri';
import { goToLine } from '../memory-map/source';
import type { OutcomeItem } from './items';
import { OutcomesView } from './view';

/** An order of a race in a document. */
interface Named {
  readonly uri: Uri;
  readonly race: number;
  readonly order: number;
}

function isItem(value: unknown): value is OutcomeItem {
  return typeof value === 'object' && value !== null && 'kind' in value && 'race' in value;
}

/** The Outcomes view, and commands that step or open an order of a race. */
export function registerOutcomes(language: LanguageConnection): Disposable {
  const view = new OutcomesView(language);

  /** The order that a code action, or an item of the view, names. */
  const named = (given: unknown, race: unknown, order: unknown): Named | undefined => {
    if (isItem(given)) {
      const uri = view.document;
      return uri === undefined || given.order === null
        ? undefined
        : { uri, race: given.race, order: given.order };
    }
    const uri = typeof given === 'string' ? Uri.parse(given) : undefined;
    return uri === undefined || typeof race !== 'number' || typeof order !== 'number'
      ? undefined
      : { uri, race, order };
  };
  const open = async ({ uri, race, order }: Named): Promise<{ document: TextDocument; line: number }> => {
    const textDocument = { uri: uri.toString() };
    const { text, line } = await language.request<OrderView>('gmemscope/order', {
      textDocument,
      race,
      order,
    });
    return { document: await scenarioWith(text), line };
  };
  const guarded = async (doing: () => Promise<unknown>): Promise<void> => {
    try {
      await doing();
    } catch (error) {
      await window.showWarningMessage(noticeOf(error));
    }
  };
  const openOrder = (given: unknown, race?: unknown, order?: unknown) =>
    guarded(async () => {
      const found = named(given, race, order);
      if (found === undefined) return;
      const { document, line } = await open(found);
      await goToLine(document.uri, line);
    });
  const stepOrder = (given: unknown, race?: unknown, order?: unknown) =>
    guarded(async () => {
      const found = named(given, race, order);
      if (found === undefined) return;
      const { document, line } = await open(found);
      await window.showTextDocument(document, { viewColumn: ViewColumn.Active });
      const launch = { ...launchConfiguration(programOf(document.uri)), stopAtLine: line };
      // Discarded unless the user saves it.
      await debug.startDebugging(undefined, launch, { suppressSaveBeforeStart: true });
    });
  const openItem = (item: unknown) => {
    if (!isItem(item)) return;
    const uri = view.document;
    if (item.order !== null) return openOrder(item);
    return uri === undefined || item.line === null ? undefined : guarded(() => goToLine(uri, item.line ?? 1));
  };
  const showOutcomes = (given?: unknown, race?: unknown) =>
    guarded(async () => {
      const uri = documentFor(given);
      const document = uri === undefined ? undefined : openDocument(uri);
      await commands.executeCommand('gmemscope.outcomes.focus');
      if (document !== undefined) await view.reveal(document, typeof race === 'number' ? race : 0);
    });
  return Disposable.from(
    view,
    commands.registerCommand('gmemscope.showOutcomes', showOutcomes),
    commands.registerCommand('gmemscope.stepOrder', stepOrder),
    commands.registerCommand('gmemscope.openOrder', openOrder),
    commands.registerCommand('gmemscope.openOutcome', openItem),
  );
}
