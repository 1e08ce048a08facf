import { type Disposable, type TextDocument, type Uri, workspace } from 'vscode';
import { LONGEST_TEXT } from '../../lsp';
import { analysisAt, analysisOf, isFile, isScenario, openDocument, setContext } from '../documents';
import { messageOf } from '../errors';
import type { ScenarioTree } from './tree';

const PATTERN = '**/*.gmem';

/** Milliseconds without another change after which a change is processed. */
const PAUSE = 250;

/** A change that is processed after a pause. */
interface PlannedChange {
  readonly timer: ReturnType<typeof setTimeout>;
  readonly act: () => Promise<void>;
}

export interface DiscoveryEvents {
  /** Results for the file's scenarios are out of date. */
  readonly outdated: (uri: Uri) => void;
  /** The user, or a change on disk, brought the file to a new state that is worth a run. */
  readonly saved: (uri: Uri) => void;
}

/** A setting of the Test Explorer. */
export function setting<T>(name: string, otherwise: T): T {
  return workspace.getConfiguration('gmemscope.testing').get<T>(name, otherwise);
}

/** Whether a document is edited by the user, not a side of a diff, and not too long to be a scenario. */
function isWritten(document: TextDocument): boolean {
  return isScenario(document) && isFile(document) && document.getText().length <= LONGEST_TEXT;
}

/**
 * Keeps the tree in sync with the workspace and the editors. Workspace files are searched for when the explorer first
 * needs them, and read only when their children are requested; open documents are added at once, since their lines show
 * the test icons.
 */
export class Discovery implements Disposable {
  private readonly planned = new Map<string, PlannedChange>();
  private readonly subscriptions: Disposable[];
  private watching: Promise<void> | undefined;

  constructor(
    private readonly tree: ScenarioTree,
    private readonly events: DiscoveryEvents,
  ) {
    for (const document of workspace.textDocuments) this.opened(document);
    this.subscriptions = [
      workspace.onDidOpenTextDocument((document) => this.opened(document)),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.tree.has(document.uri)) {
          this.plan(document.uri, () => this.changed(document.uri));
        }
      }),
      workspace.onDidCloseTextDocument((document) => this.closed(document)),
      workspace.onDidSaveTextDocument(({ uri }) => {
        if (this.tree.has(uri)) this.events.saved(uri);
      }),
    ];
  }

  dispose(): void {
    for (const { timer } of this.planned.values()) clearTimeout(timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Finds the files of the workspace and keeps watching them. */
  watch(): Promise<void> {
    this.watching ??= this.startWatching();
    return this.watching;
  }

  /** Searches the workspace again and returns the new files. */
  async find(): Promise<readonly Uri[]> {
    const found = await workspace.findFiles(PATTERN, setting('exclude', '**/node_modules/**'));
    const keep = new Set(found.map((uri) => uri.toString()));
    for (const uri of this.tree.uris()) {
      const document = openDocument(uri);
      const isOpen = document !== undefined && isWritten(document);
      if (!isOpen && !keep.has(uri.toString())) this.tree.remove(uri);
    }
    const added = found.filter((uri) => !this.tree.has(uri));
    for (const uri of added) this.tree.add(uri);
    setContext('noScenarios', this.tree.size === 0);
    return added;
  }

  /**
   * Processes all planned changes now. A run reads the texts as they are: a change that it includes must not mark its
   * results as outdated afterwards.
   */
  async settle(): Promise<void> {
    await Promise.all([...this.planned.keys()].map((key) => this.process(key)));
  }

  /** Reads a file and adds its scenarios. An error is shown at the file. */
  async resolve(uri: Uri): Promise<void> {
    try {
      const analysis = await analysisAt(uri);
      if (this.tree.has(uri)) this.tree.update(uri, analysis);
    } catch (error) {
      const item = this.tree.get(uri);
      if (item !== undefined) item.error = messageOf(error);
    }
  }

  private async startWatching(): Promise<void> {
    const watcher = workspace.createFileSystemWatcher(PATTERN);
    const findAgain = () =>
      this.plan('', async () => {
        for (const uri of await this.find()) this.events.saved(uri);
      });
    this.subscriptions.push(
      watcher,
      watcher.onDidCreate(findAgain),
      watcher.onDidDelete(findAgain),
      watcher.onDidChange((uri) => {
        // Changes on disk do not affect a document that is open in an editor.
        if (openDocument(uri) !== undefined || !this.tree.has(uri)) return;
        this.plan(uri, () => this.changed(uri));
        this.events.saved(uri);
      }),
      workspace.onDidChangeWorkspaceFolders(findAgain),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('gmemscope.testing.exclude')) findAgain();
      }),
    );
    await this.find();
  }

  private opened(document: TextDocument): void {
    if (!isWritten(document)) return;
    this.tree.update(document.uri, analysisOf(document));
    setContext('noScenarios', false);
  }

  private async changed(uri: Uri): Promise<void> {
    if (this.tree.isResolved(uri)) await this.resolve(uri);
    this.events.outdated(uri);
  }

  /**
   * A document that was never saved disappears when it is closed; for any other, the stored text counts from now on.
   */
  private closed({ uri, isUntitled }: TextDocument): void {
    if (!this.tree.has(uri)) return;
    if (isUntitled || workspace.getWorkspaceFolder(uri) === undefined) this.tree.remove(uri);
    else this.plan(uri, () => this.changed(uri));
  }

  /** Calls a function once no further call has arrived for a while. */
  private plan(what: Uri | string, act: () => Promise<void>): void {
    const key = what.toString();
    clearTimeout(this.planned.get(key)?.timer);
    const timer = setTimeout(() => this.process(key), PAUSE);
    this.planned.set(key, { timer, act });
  }

  /** Processes a planned change now. */
  private async process(key: string): Promise<void> {
    const change = this.planned.get(key);
    if (change === undefined) return;
    clearTimeout(change.timer);
    this.planned.delete(key);
    try {
      await change.act();
    } catch (error) {
      console.error(`Cannot update the scenarios of the workspace: ${messageOf(error)}`);
    }
  }
}
