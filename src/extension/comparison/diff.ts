import { commands, Disposable, EventEmitter, type TextDocumentContentProvider, Uri, workspace } from 'vscode';
import { baseName } from '../../dap';
import { kernelText } from '../../language';
import { sideTexts } from '../../outcome';
import type { Compared } from './compare';

const SCHEME = 'gmemscope-compared';

/** The two sides of comparisons as read-only documents. */
export class ComparisonDiff implements TextDocumentContentProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  /** By document URI, as long as the document is open. */
  private readonly texts = new Map<string, string>();
  private readonly subscriptions = Disposable.from(
    this.changed,
    workspace.registerTextDocumentContentProvider(SCHEME, this),
    workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())),
  );

  dispose(): void {
    this.subscriptions.dispose();
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** Opens the diff of a comparison; an open diff of the same scenario and kernels is updated instead. */
  async show(scenario: Uri, { analysis, program, comparison }: Compared): Promise<void> {
    const file = baseName(scenario.path);
    const names = comparison.kernels.map(kernelText);
    const [left, right] = sideTexts(analysis, program, comparison).map((text, side) => {
      const uri = Uri.from({
        scheme: SCHEME,
        // A separate language, so that these texts are not checked, run or listed as scenarios of the workspace.
        path: `/${names[side]}/${file.replace(/\.gmem$/, '')}.gmem-compared`,
        query: JSON.stringify([scenario.toString(), program.title, names]),
      });
      this.texts.set(uri.toString(), text);
      this.changed.fire(uri);
      return uri;
    });
    const title = program.title === null ? file : `${file}: ${program.title}`;
    await commands.executeCommand('vscode.diff', left, right, `${title} (${names.join(' ↔ ')})`);
  }
}
