import {
  type DecorationOptions,
  Disposable,
  debug,
  MarkdownString,
  Range,
  type TextDocument,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { inlineColour, inlineText, type LineOutcome, readOutcomesEvent } from './inline-text';
import { uriOfProgram } from './program-uri';

/**
 * Shows what the statements of a run did, after their lines. Texts of a run that has ended stay to be read; an edit
 * takes them away, because they say what the text did as it was, and so does the next run.
 */
export function registerInlineOutcomes(): Disposable {
  const outcomes = new InlineOutcomes();
  return Disposable.from(
    outcomes,
    debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      const read = event === 'gmemscope/outcomes' ? readOutcomesEvent(body) : undefined;
      if (read !== undefined) outcomes.show(session.id, uriOfProgram(read.uri), read.outcomes);
    }),
    window.onDidChangeVisibleTextEditors((editors) => outcomes.render(editors)),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) outcomes.edited(document.uri);
    }),
    workspace.onDidCloseTextDocument((document) => outcomes.forget(document.uri)),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('gmemscope.inlineOutcomes')) outcomes.render(window.visibleTextEditors);
    }),
  );
}

interface Shown {
  /** The debug session that the outcomes are of. */
  session: string;
  /** The document was edited after the session read it: its lines are no longer the session's. */
  edited: boolean;
  outcomes: readonly LineOutcome[];
}

class InlineOutcomes implements Disposable {
  private readonly decoration: TextEditorDecorationType = window.createTextEditorDecorationType({
    after: { margin: '0 0 0 3ch' },
  });
  private readonly byDocument = new Map<string, Shown>();

  show(session: string, uri: Uri, outcomes: readonly LineOutcome[]): void {
    const before = this.byDocument.get(uri.toString());
    if (before?.session === session && before.edited) return;
    this.set(uri, { session, edited: false, outcomes });
  }

  edited(uri: Uri): void {
    const before = this.byDocument.get(uri.toString());
    if (before !== undefined && !before.edited) this.set(uri, { ...before, edited: true, outcomes: [] });
  }

  forget(uri: Uri): void {
    this.byDocument.delete(uri.toString());
  }

  render(editors: readonly TextEditor[]): void {
    for (const editor of editors) {
      const shown = this.byDocument.get(editor.document.uri.toString());
      if (shown !== undefined) {
        editor.setDecorations(this.decoration, decorationsOf(editor.document, shown.outcomes));
      }
    }
  }

  dispose(): void {
    this.decoration.dispose();
  }

  private set(uri: Uri, shown: Shown): void {
    this.byDocument.set(uri.toString(), shown);
    const showing = ({ document }: TextEditor) => document.uri.toString() === uri.toString();
    this.render(window.visibleTextEditors.filter(showing));
  }
}

function decorationsOf(document: TextDocument, outcomes: readonly LineOutcome[]): DecorationOptions[] {
  const maxLength = workspace
    .getConfiguration('gmemscope.inlineOutcomes', document)
    .get<number>('maxLength', 110);
  return outcomes
    .filter(({ line0 }) => line0 < document.lineCount)
    .map((outcome) => {
      const { end } = document.lineAt(outcome.line0).range;
      return {
        range: new Range(end, end),
        hoverMessage: new MarkdownString(outcome.hover),
        renderOptions: {
          after: {
            contentText: inlineText(outcome.text, maxLength),
            color: new ThemeColor(inlineColour(outcome)),
          },
        },
      };
    });
}
