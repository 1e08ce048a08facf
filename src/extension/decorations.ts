import {
  type DecorationOptions,
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
import { openDocument } from './documents';
import { inlineText, lineTexts, readOutcomes } from './inline-text';
import { uriOfProgram } from './launch/program-uri';
import { editedLine, type RunTexts } from './launch/run-texts';

/** A theme colour for each kind of text. */
const colours = {
  done: 'gmemscope.inlineDoneForeground',
  zapped: 'gmemscope.inlineZappedForeground',
  failed: 'gmemscope.inlineFailedForeground',
  wrong: 'gmemscope.inlineWrongForeground',
} as const satisfies Record<Tone, string>;

const EDITED_HOVER =
  'The debugger runs the text as it was at the start, and its outcomes are hidden. ' +
  '*Restart to This Statement* (Alt+Shift+F5) runs this text up to the statement at which the debugger is. ' +
  'If you undo the edit, the outcomes are shown again.';

interface Reported {
  readonly uri: Uri;
  /** The text that the session runs. */
  readonly text: string;
  readonly outcomes: readonly LineOutcome[];
}

interface Shown extends Omit<Reported, 'uri'> {
  /** The debug session of the outcomes. */
  readonly session: string;
  /** The first line in which the document differs from the text that ran, from 0; null if it is the same. */
  readonly editedLine: number | null;
}

/**
 * Shows outcomes after the lines of their statements. They stay when the run ends. After an edit, a note replaces
 * them, because they describe the old text; they are shown again when the text is again the one that ran.
 */
export class InlineOutcomes implements Disposable {
  private readonly changed = new EventEmitter<Uri>();
  private readonly decoration = window.createTextEditorDecorationType({ after: { margin: '0 0 0 3ch' } });
  private readonly byDocument = new Map<string, Shown>();
  /** What each running session reported, also for documents that were closed or edited since. */
  private readonly bySession = new Map<string, Reported>();
  private readonly subscriptions = Disposable.from(
    this.changed,
    this.decoration,
    debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      const read = event === OUTCOMES_EVENT ? readOutcomes(body) : undefined;
      if (read === undefined) return;
      this.report(session.id, read);
      if (debug.activeDebugSession?.type !== 'gmem' || debug.activeDebugSession.id === session.id)
        this.show(session.id);
    }),
    debug.onDidTerminateDebugSession(({ id }) => {
      this.bySession.delete(id);
      this.render(window.visibleTextEditors);
    }),
    debug.onDidChangeActiveDebugSession((session) => {
      if (session !== undefined) this.show(session.id);
    }),
    window.onDidChangeVisibleTextEditors((editors) => this.render(editors)),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.edited(document);
    }),
    workspace.onDidCloseTextDocument(({ uri }) => this.byDocument.delete(uri.toString())),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('gmemscope.inlineOutcomes')) this.render(window.visibleTextEditors);
    }),
  );

  constructor(private readonly runs: RunTexts) {}

  /** Fires with a document whose texts have changed. */
  readonly onDidChange = this.changed.event;

  /** Lines of a document that have a text, from 0. */
  linesWithText(uri: Uri): ReadonlySet<number> {
    const shown = this.byDocument.get(uri.toString());
    const outcomes = shown === undefined || shown.editedLine !== null ? [] : shown.outcomes;
    return new Set(outcomes.map(({ line0 }) => line0));
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private report(session: string, body: OutcomesBody): void {
    const text = this.runs.of(session);
    if (text === undefined) return;
    const outcomes = outcomesAfter(this.bySession.get(session)?.outcomes ?? [], body);
    this.bySession.set(session, { uri: uriOfProgram(body.uri), text, outcomes });
  }

  /** Several sessions may run the same document: it shows the outcomes of the active one. */
  private show(session: string): void {
    const reported = this.bySession.get(session);
    if (reported === undefined) return;
    const { uri, text, outcomes } = reported;
    const document = openDocument(uri);
    const line = document === undefined ? null : editedLine(document, text);
    this.set(uri, { session, text, outcomes, editedLine: line });
  }

  private edited(document: TextDocument): void {
    const { uri } = document;
    const before = this.byDocument.get(uri.toString());
    if (before === undefined) return;
    const line = editedLine(document, before.text);
    // Nothing changes for a text that stays as it was, or for one that was edited before.
    if (line !== before.editedLine) this.set(uri, { ...before, editedLine: line });
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
      if (shown !== undefined) editor.setDecorations(this.decoration, this.decorationsFor(editor, shown));
    }
  }

  private decorationsFor({ document }: TextEditor, { session, outcomes, editedLine }: Shown) {
    if (editedLine === null) return decorationsOf(document, outcomes);
    return this.bySession.has(session) ? [editedNote(document, editedLine)] : [];
  }
}

/** Says after the first line that was edited why the outcomes are hidden. */
function editedNote(document: TextDocument, line0: number): DecorationOptions {
  const { end } = document.lineAt(Math.min(line0, document.lineCount - 1)).range;
  return {
    range: new Range(end, end),
    hoverMessage: EDITED_HOVER,
    renderOptions: {
      after: {
        contentText: inlineText('text edited: restart to use it', 110),
        color: new ThemeColor('descriptionForeground'),
        fontStyle: 'italic',
      },
    },
  };
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
