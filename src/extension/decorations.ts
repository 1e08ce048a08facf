import {
  Disposable,
  debug,
  EventEmitter,
  MarkdownString,
  Range,
  type TextDocument,
  type TextEditor,
  ThemeColor,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { type LineOutcome, OUTCOMES_EVENT, type OutcomesBody, outcomesAfter, type Tone } from '../dap';
import { lineTexts, readOutcomes } from './inline-text';
import { uriOfProgram } from './launch/program-uri';

/** A theme colour for each kind of text. */
const colours = {
  done: 'gmemscope.inlineDoneForeground',
  zapped: 'gmemscope.inlineZappedForeground',
  failed: 'gmemscope.inlineFailedForeground',
  wrong: 'gmemscope.inlineWrongForeground',
} as const satisfies Record<Tone, string>;

interface Shown {
  /** The debug session of the outcomes, and how often it started: a restart reads the text again. */
  session: string;
  run: number;
  /** The document was edited after this run read it, so line numbers no longer match. */
  edited: boolean;
  outcomes: readonly LineOutcome[];
}

/**
 * Shows outcomes after the lines of their statements. The texts stay when the run ends; an edit removes them, because
 * they describe the text before it, and so does the next run.
 */
export class InlineOutcomes implements Disposable {
  private readonly changed = new EventEmitter<Uri>();
  private readonly decoration = window.createTextEditorDecorationType({ after: { margin: '0 0 0 3ch' } });
  private readonly byDocument = new Map<string, Shown>();
  /** What each debug session reported, also for documents that were closed or edited since. */
  private readonly bySession = new Map<string, readonly LineOutcome[]>();
  private readonly subscriptions = Disposable.from(
    this.changed,
    this.decoration,
    debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      const read = event === OUTCOMES_EVENT ? readOutcomes(body) : undefined;
      if (read !== undefined) this.show(session.id, read);
    }),
    debug.onDidTerminateDebugSession(({ id }) => this.bySession.delete(id)),
    window.onDidChangeVisibleTextEditors((editors) => this.render(editors)),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.edited(document.uri);
    }),
    workspace.onDidCloseTextDocument(({ uri }) => this.byDocument.delete(uri.toString())),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('gmemscope.inlineOutcomes')) this.render(window.visibleTextEditors);
    }),
  );

  /** Fires with a document whose texts have changed. */
  readonly onDidChange = this.changed.event;

  /** Lines of a document that have a text, from 0. */
  linesWithText(uri: Uri): ReadonlySet<number> {
    return new Set(this.byDocument.get(uri.toString())?.outcomes.map(({ line0 }) => line0));
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private show(session: string, body: OutcomesBody): void {
    const { run } = body;
    const outcomes = outcomesAfter(this.bySession.get(session) ?? [], body);
    this.bySession.set(session, outcomes);
    const uri = uriOfProgram(body.uri);
    const before = this.byDocument.get(uri.toString());
    if (before?.session === session && before.run === run && before.edited) return;
    this.set(uri, { session, run, edited: false, outcomes });
  }

  private edited(uri: Uri): void {
    const before = this.byDocument.get(uri.toString());
    if (before !== undefined && !before.edited) this.set(uri, { ...before, edited: true, outcomes: [] });
  }

  private set(uri: Uri, shown: Shown): void {
    this.byDocument.set(uri.toString(), shown);
    this.render(
      window.visibleTextEditors.filter(({ document }) => document.uri.toString() === uri.toString()),
    );
    this.changed.fire(uri);
  }

  private render(editors: readonly TextEditor[]): void {
    for (const editor of editors) {
      const shown = this.byDocument.get(editor.document.uri.toString());
      if (shown !== undefined) {
        editor.setDecorations(this.decoration, decorationsOf(editor.document, shown.outcomes));
      }
    }
  }
}

function decorationsOf(document: TextDocument, outcomes: readonly LineOutcome[]) {
  const settings = workspace.getConfiguration('gmemscope.inlineOutcomes', document);
  return lineTexts(outcomes, settings.get<number>('maxLength', 110))
    .filter(({ line0 }) => line0 < document.lineCount)
    .map(({ line0, text, hover, tone }) => {
      const { end } = document.lineAt(line0).range;
      return {
        range: new Range(end, end),
        hoverMessage: new MarkdownString(hover),
        renderOptions: {
          after: {
            contentText: text,
            color: new ThemeColor(colours[tone]),
            // Colour must not be the only mark of what should never happen.
            ...(tone === 'wrong' ? { fontWeight: 'bold' } : {}),
          },
        },
      };
    });
}
