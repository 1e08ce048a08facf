import {
  Disposable,
  MarkdownString,
  OverviewRulerLane,
  ThemeColor,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { kernelText } from '../../language';
import { type DifferingLine, differingLines, type KernelComparison } from '../../outcome';
import { setContext } from '../documents';

const LOOKS = {
  outcome: { sign: '≠', colour: 'gmemscope.differsForeground' },
  bits: { sign: '≈ SPTE bits,', colour: 'gmemscope.differsSlightlyForeground' },
  order: { sign: '≈ SPTE order,', colour: 'gmemscope.differsSlightlyForeground' },
} as const satisfies Record<DifferingLine['difference'], { sign: string; colour: string }>;

interface Marked {
  readonly lines: readonly DifferingLine[];
  /** The kernel that the lines are marked against. */
  readonly other: string;
}

/** Marks the lines that do something else on another kernel, until the text is edited or a person has seen enough. */
export class ComparisonMarks implements Disposable {
  private readonly decoration = window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerLane: OverviewRulerLane.Full,
    overviewRulerColor: new ThemeColor('gmemscope.differsForeground'),
    backgroundColor: new ThemeColor('editor.wordHighlightStrongBackground'),
    after: { margin: '0 0 0 3ch' },
  });
  private readonly byDocument = new Map<string, Marked>();
  private readonly subscriptions = Disposable.from(
    this.decoration,
    window.onDidChangeVisibleTextEditors(() => this.render()),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.forget(document.uri);
    }),
    workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)),
  );

  dispose(): void {
    this.subscriptions.dispose();
  }

  show(uri: Uri, comparison: KernelComparison): void {
    this.byDocument.set(uri.toString(), {
      lines: differingLines(comparison),
      other: comparison.kernels.map(kernelText).join(' | '),
    });
    this.render();
  }

  clear(): void {
    this.byDocument.clear();
    this.render();
  }

  private forget(uri: Uri): void {
    if (this.byDocument.delete(uri.toString())) this.render();
  }

  private render(): void {
    setContext('compared', this.byDocument.size > 0);
    for (const editor of window.visibleTextEditors) {
      const { document } = editor;
      const { lines, other } = this.byDocument.get(document.uri.toString()) ?? { lines: [], other: '' };
      editor.setDecorations(
        this.decoration,
        lines
          .filter(({ line0 }) => line0 < document.lineCount)
          .map(({ line0, difference, hover }) => {
            const { sign, colour } = LOOKS[difference];
            return {
              range: document.lineAt(line0).range,
              hoverMessage: new MarkdownString(hover),
              renderOptions: { after: { contentText: `${sign} ${other}`, color: new ThemeColor(colour) } },
            };
          }),
      );
    }
  }
}
