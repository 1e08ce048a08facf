import { type TestController, type TestItem, type TestItemCollection, type Uri, workspace } from 'vscode';
import { baseName } from '../../dap';
import { type Analysis, indexLines, type Span } from '../../language';
import { labelText } from '../plain-text';
import { rangeOf } from '../ranges';
import { foldersBetween, testsOf } from './scenario-tests';

/** A file of scenarios in the tree. */
export interface FileNode {
  readonly item: TestItem;
  readonly uri: Uri;
  /** Whether its text has been read: its scenarios are known only then. */
  resolved: boolean;
}

/** Folders, files and scenarios in the Test Explorer. A file is listed before it has been read. */
export class ScenarioTree {
  private readonly files = new Map<string, FileNode>();

  constructor(private readonly controller: TestController) {}

  get size(): number {
    return this.files.size;
  }

  has(uri: Uri): boolean {
    return this.files.has(uri.toString());
  }

  get(uri: Uri): TestItem | undefined {
    return this.files.get(uri.toString())?.item;
  }

  isResolved(uri: Uri): boolean {
    return this.files.get(uri.toString())?.resolved ?? false;
  }

  uris(): readonly Uri[] {
    return [...this.files.values()].map(({ uri }) => uri);
  }

  /** Adds a file and its folders; returns it if it is already there. */
  add(uri: Uri): FileNode {
    const known = this.files.get(uri.toString());
    if (known !== undefined) return known;
    const item = this.controller.createTestItem(uri.toString(), baseName(uri.path), uri);
    item.canResolveChildren = true;
    // Folders come first, as in the Explorer view.
    item.sortText = `1${item.label}`;
    this.folderOf(uri).add(item);
    const node = { item, uri, resolved: false };
    this.files.set(uri.toString(), node);
    return node;
  }

  /** Removes a file, and folders that become empty. */
  remove(uri: Uri): void {
    const node = this.files.get(uri.toString());
    if (node === undefined) return;
    this.files.delete(uri.toString());
    let { item } = node;
    for (;;) {
      const { parent } = item;
      (parent?.children ?? this.controller.items).delete(item.id);
      if (parent === undefined || parent.children.size > 0) return;
      item = parent;
    }
  }

  /** Replaces the scenarios of a file with those of its current text. */
  update(uri: Uri, analysis: Analysis): void {
    const node = this.add(uri);
    const { item } = node;
    const lines = indexLines(analysis.document.text);
    const show = (target: TestItem, name: string, span: Span | null) => {
      target.label = labelText(name);
      // A line has a run button for each item with a range on it.
      target.range = span === null ? undefined : rangeOf(lines, span);
    };
    const { whole, scenarios } = testsOf(analysis);
    node.resolved = true;
    // An open file with a single scenario is itself a test, so VS Code does not ask for its children.
    item.canResolveChildren = whole === null;
    item.error = undefined;
    const file = baseName(uri.path);
    if (whole === null) show(item, file, scenarios.length === 0 ? null : { start: 0, end: 0 });
    else show(item, file + whole.remark, whole.span);
    item.children.replace(
      scenarios.map(({ id, title, remark, span }) => {
        const child = item.children.get(id) ?? this.controller.createTestItem(id, labelText(title), uri);
        show(child, title + remark, span);
        return child;
      }),
    );
  }

  /** The files of items, by path: its own for a file or a scenario, those it contains for a folder. */
  filesOf(items: Iterable<TestItem>): readonly FileNode[] {
    const found = new Set<FileNode>();
    const visit = (item: TestItem) => {
      const node = item.uri === undefined ? undefined : this.files.get(item.uri.toString());
      if (node !== undefined) found.add(node);
      else for (const [, child] of item.children) visit(child);
    };
    for (const item of items) visit(item);
    return [...found].sort((a, b) => (a.uri.path < b.uri.path ? -1 : 1));
  }

  /** The parent of a file: its folders, separately for each workspace folder; the top level if it is in none. */
  private folderOf(uri: Uri): TestItemCollection {
    const workspaceFolder = workspace.getWorkspaceFolder(uri);
    if (workspaceFolder === undefined) return this.controller.items;
    const { uri: top, name } = workspaceFolder;
    const isOnly = workspace.workspaceFolders?.length === 1;
    let collection = isOnly
      ? this.controller.items
      : this.folderIn(this.controller.items, top, name).children;
    for (const path of foldersBetween(top.path, uri.path)) {
      collection = this.folderIn(collection, top.with({ path })).children;
    }
    return collection;
  }

  private folderIn(collection: TestItemCollection, uri: Uri, label = baseName(uri.path)): TestItem {
    const known = collection.get(uri.toString());
    if (known !== undefined) return known;
    const item = this.controller.createTestItem(uri.toString(), label, uri);
    item.sortText = `0${label}`;
    collection.add(item);
    return item;
  }
}
