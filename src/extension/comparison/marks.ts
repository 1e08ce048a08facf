import {
  type DecorationOptions,
  Disposable,
  MarkdownString,
  OverviewRulerLane,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { kernelText } from '../../language';
import { type DifferingLine, differingLines, type KernelComparison } from '../../outcome';
import { setContext } from '../documents';

interface Look {
  readonly colour: string;
  readonly text: (left: string, right: string) => string;
}

/** What distinguishes the kinds of difference besides colour. */
const LOOKS = {
  outcome: {
    colour: 'gmemscope.differsForeground',
    text: (left, right) => `${left} ≠ ${right}`,
  },
  bits: {
    colour: 'gmemscope.differsSlightlyForeground',
    text: (left, right) => `${left} ≈ ${right}: SPTE bits`,
  },
  order: {
    colour: 'gmemscope.differsSlightlyForeground',
    text: (left, right) => `${left} ≈ ${right}: SPTE order`,
  },
} as const satisfies Record<DifferingLine['difference'], Look>;

type Kind = keyof typeof LOOKS;

const KINDS = Object.keys(LOOKS) as readonly Kind[];

function decorationType({ colour }: Look): TextEditorDecorationType {
  return window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerLane: OverviewRulerLane.Full,
    overviewRulerColor: new ThemeColor(colour),
    after: { margin: '0 0 0 3ch', color: new ThemeColor(colour) },
  });
}

interface Marked {
  readonly lines: readonly DifferingLine[];
  readonly kernels: readonly [string, string];
}

/** Marks the lines whose outcome differs on another kernel, until the text is edited or the marks are cleared. */
export class ComparisonMarks implements Disposable {
  private readonly decorations = KINDS.map((kind) => ({ kind, type: decorationType(LOOKS[kind]) }));
  private readonly byDocument = new Map<string, Marked>();
  private readonly subscriptions = Disposable.from(
    ...this.decorations.map(({ type }) => type),
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
    const [left, right] = comparison.kernels;
    this.byDocument.set(uri.toString(), {
      lines: differingLines(comparison),
      kernels: [kernelText(left), kernelText(right)],
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
      const marked = this.byDocument.get(editor.document.uri.toString());
      for (const { kind, type } of this.decorations)
        editor.setDecorations(type, marksOf(editor, marked, kind));
    }
  }
}

function marksOf({ document }: TextEditor, marked: Marked | undefined, kind: Kind): DecorationOptions[] {
  if (marked === undefined) return [];
  const contentText = LOOKS[kind].text(...marked.kernels);
  return marked.lines
    .filter(({ line0, difference }) => difference === kind && line0 < document.lineCount)
    .map(({ line0, hover }) => ({
      range: document.lineAt(line0).range,
      hoverMessage: new MarkdownString(hover),
      renderOptions: { after: { contentText } },
    }));
}
