import {
  Disposable,
  EventEmitter,
  type TextDocument,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { baseName } from '../../dap';
import type { OrderView, RacesView } from '../../lsp';
import { isScenario, openDocument, setContext } from '../documents';
import type { LanguageConnection } from '../language-client';
import { hasChildren, itemsOfRace, type OutcomeItem, raceItems, stepItems } from './items';

const VIEW = 'gmemscope.outcomes';

/** Milliseconds without another edit or change of editor after which the view follows. */
const PAUSE = 250;

const ICONS: Readonly<Record<OutcomeItem['kind'], string>> = {
  race: 'git-merge',
  failed: 'error',
  outcome: 'circle-outline',
  step: 'debug-stackframe',
};

/** The document that the view shows, with its races. */
interface Shown {
  readonly uri: Uri;
  readonly view: RacesView;
  readonly roots: readonly OutcomeItem[];
}

/** The Outcomes view: the races of the active scenario, or of the last one that had some. */
export class OutcomesView implements Disposable, TreeDataProvider<OutcomeItem> {
  private readonly changed = new EventEmitter<undefined>();
  private readonly tree: TreeView<OutcomeItem>;
  private readonly subscriptions: Disposable;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shown: Shown | undefined;
  /** The number of the last question: answers to earlier ones are dropped. */
  private asked = 0;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly language: LanguageConnection) {
    this.tree = window.createTreeView(VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = Disposable.from(
      this.changed,
      this.tree,
      this.tree.onDidChangeVisibility(() => this.later()),
      window.onDidChangeActiveTextEditor(() => this.later()),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (isScenario(document) && contentChanges.length > 0) this.later();
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.toString() === this.shown?.uri.toString()) this.set(undefined);
      }),
      { dispose: () => clearTimeout(this.timer) },
    );
    this.later();
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** The document whose races are shown. */
  get document(): Uri | undefined {
    return this.shown?.uri;
  }

  /** Shows the races of a document, with one of them selected. */
  async reveal(document: TextDocument, race: number): Promise<void> {
    await this.ask(document);
    const item = this.shown?.roots[race];
    if (item !== undefined) await this.tree.reveal(item, { expand: true, focus: true, select: true });
  }

  getTreeItem(item: OutcomeItem): TreeItem {
    const { kind, label, description, tooltip, spoken } = item;
    const below = kind === 'race' ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
    const made = new TreeItem(label, hasChildren(item) ? below : TreeItemCollapsibleState.None);
    made.description = description;
    made.tooltip = tooltip;
    made.iconPath = new ThemeIcon(ICONS[kind]);
    made.accessibilityInformation = { label: spoken };
    made.contextValue = item.order === null ? kind : 'order';
    made.command = { title: 'Open', command: 'gmemscope.openOutcome', arguments: [item] };
    return made;
  }

  async getChildren(item?: OutcomeItem): Promise<OutcomeItem[]> {
    return [...(await this.childrenOf(item))];
  }

  getParent(item: OutcomeItem): OutcomeItem | null {
    return item.parent;
  }

  private async childrenOf(item: OutcomeItem | undefined): Promise<readonly OutcomeItem[]> {
    if (this.shown === undefined) return [];
    if (item === undefined) return this.shown.roots;
    const race = this.shown.view.races[item.race];
    if (item.kind === 'race') return race === undefined ? [] : itemsOfRace(item, race);
    if (item.order === null) return [];
    try {
      return stepItems(item, await this.order(item.race, item.order));
    } catch {
      // The text has changed: the view follows.
      return [];
    }
  }

  private order(race: number, order: number): Promise<OrderView> {
    const uri = this.shown?.uri.toString() ?? '';
    return this.language.request('gmemscope/order', { textDocument: { uri }, race, order });
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.follow(), PAUSE);
  }

  private async follow(): Promise<void> {
    if (!this.tree.visible) return;
    const active = window.activeTextEditor?.document;
    const before = this.shown === undefined ? undefined : openDocument(this.shown.uri);
    const found = active !== undefined && isScenario(active) && (await this.ask(active, before !== active));
    if (!found && before !== undefined && before !== active) await this.ask(before);
  }

  /**
   * Asks for the races of a document, until they have been searched.
   * @param ifAny Whether a document without races leaves the view as it is.
   * @returns Whether it has races.
   */
  private async ask(document: TextDocument, ifAny = false): Promise<boolean> {
    const question = ++this.asked;
    while (true) {
      let view: RacesView;
      try {
        const textDocument = { uri: document.uri.toString() };
        view = await this.language.request('gmemscope/races', { textDocument });
      } catch {
        // The text has changed, and another question follows.
        return false;
      }
      if (question !== this.asked) return false;
      if (view.races.length === 0) {
        if (!ifAny) this.set(undefined);
        return false;
      }
      this.set({ uri: document.uri, view, roots: raceItems(view) });
      if (!view.races.some(({ searching }) => searching)) return true;
    }
  }

  private set(shown: Shown | undefined): void {
    this.shown = shown;
    this.tree.description = shown === undefined ? '' : baseName(shown.uri.path);
    setContext('hasRace', shown !== undefined);
    this.changed.fire(undefined);
  }
}
