import { Disposable, type TextDocument, workspace } from 'vscode';
import { messageOf } from '../errors';
import { InProcessClient } from '../language-client';

/** Checks scenarios in Markdown and reStructuredText while they are written, where people want that. */

const SECTION = 'gmemscope.documents.check';

const LANGUAGES: readonly string[] = ['markdown', 'restructuredtext'];

function showsScenarios(document: TextDocument): boolean {
  return LANGUAGES.includes(document.languageId) && document.getText().includes('gmem');
}

class DocumentChecks implements Disposable {
  private client: InProcessClient | undefined;
  /** Starts and stops follow each other, however fast they are asked for. */
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

  /** Starts where the first document shows a scenario: most people's documents never do. */
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
      console.error(`gmemscope: scenarios of documents are not checked: ${messageOf(error)}`);
    });
  }
}

export function registerDocumentChecks(): Disposable {
  return new DocumentChecks();
}
