import { commands, Disposable, EventEmitter, type TextDocumentContentProvider, Uri, workspace } from 'vscode';
import { baseName } from '../../dap/source-path';
import { kernelText } from '../../language';
import { sideTexts } from '../../outcome';
import type { Compared } from './compare';

const SCHEME = 'gmemscope-compared';

/** The two sides of comparisons as documents that nobody can edit. */
export class ComparisonDiff implements TextDocumentContentProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  /** By the address of the document: as long as one is open. */
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

  /** Opens the diff of a comparison; one of the same scenario and kernels that is open already shows the new texts. */
  async show(scenario: Uri, { analysis, program, comparison }: Compared): Promise<void> {
    const file = baseName(scenario.path);
    const names = comparison.kernels.map(kernelText);
    const [left, right] = sideTexts(analysis, program, comparison).map((text, side) => {
      const uri = Uri.from({
        scheme: SCHEME,
        // A language of its own: nobody checks, runs or counts these texts as scenarios of the workspace.
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
