import { Disposable, type TextDocument, workspace } from 'vscode';
import { messageOf } from '../errors';
import { InProcessClient } from '../language-client';

/** Checks scenarios in Markdown and reStructuredText while they are written, if the setting is on. */

const SECTION = 'gmemscope.documents.check';

const LANGUAGES: readonly string[] = ['markdown', 'restructuredtext'];

function showsScenarios(document: TextDocument): boolean {
  return LANGUAGES.includes(document.languageId) && document.getText().includes('gmem');
}

class DocumentChecks implements Disposable {
  private client: InProcessClient | undefined;
  /** Starts and stops run one after the other, however fast they are requested. */
  private last: Promise<void> = Promise.resolve();
  private readonly subscriptions = Disposable.from(
    workspace.onDidOpenTextDocument((document) => this.lookAt([document])),
    workspace.onDidChangeTextDocument(({ document }) => this.lookAt([document])),
    workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(SECTION)) return;
      if (workspace.getConfiguration().get<boolean>(SECTION, true)) this.lookAt(workspace.textDocuments);
      else this.queue(() => this.stop());
    }),
  );

  constructor() {
    this.lookAt(workspace.textDocuments);
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.queue(() => this.stop());
  }

  /** Starts when the first document with a scenario is seen: most documents have none. */
  private lookAt(documents: readonly TextDocument[]): void {
    if (this.client !== undefined || !documents.some(showsScenarios)) return;
    if (!workspace.getConfiguration().get<boolean>(SECTION, true)) return;
    this.client = new InProcessClient('documents', {
      documentSelector: LANGUAGES.map((language) => ({ language })),
    });
    const { client } = this;
    this.queue(() => client.start());
  }

  private async stop(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.stop();
  }

  private queue(act: () => Promise<void>): void {
    this.last = this.last.then(act).catch((error) => {
      console.error(`gmemscope: cannot check scenarios in documents: ${messageOf(error)}`);
    });
  }
}

export function registerDocumentChecks(): Disposable {
  return new DocumentChecks();
}
