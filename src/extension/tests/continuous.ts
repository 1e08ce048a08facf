import { type CancellationToken, type Disposable, type TestItem, TestRunRequest, type Uri } from 'vscode';
import type { ScenarioTree } from './tree';

/** Milliseconds within which saved files count as one change. */
const PAUSE = 150;

/** Runs the tests of files again when they are saved, while continuous run is on. */
export class ContinuousRuns implements Disposable {
  private readonly requests = new Set<TestRunRequest>();
  private readonly changed = new Map<string, Uri>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly tree: ScenarioTree,
    private readonly run: (request: TestRunRequest) => Promise<void>,
  ) {}

  dispose(): void {
    clearTimeout(this.timer);
    this.requests.clear();
  }

  /** Runs the tests of the request whenever their files change, until `token` is cancelled. */
  add(request: TestRunRequest, token: CancellationToken): void {
    this.requests.add(request);
    token.onCancellationRequested(() => this.requests.delete(request));
  }

  saved(uri: Uri): void {
    if (this.requests.size === 0) return;
    this.changed.set(uri.toString(), uri);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.runChanged(), PAUSE);
  }

  private runChanged(): void {
    const files = [...this.changed.values()].flatMap((uri) => this.tree.get(uri) ?? []);
    this.changed.clear();
    for (const { include, exclude, profile } of this.requests) {
      const wanted = files.flatMap((file) => (include === undefined ? [file] : partOf(file, include)));
      if (wanted.length > 0) void this.run(new TestRunRequest(wanted, exclude, profile, true, true));
    }
  }
}

/**
 * The tests of a file that the request includes: all of them if it includes one of its folders, otherwise those it
 * names.
 */
function partOf(file: TestItem, include: readonly TestItem[]): readonly TestItem[] {
  for (let item: TestItem | undefined = file; item !== undefined; item = item.parent) {
    if (include.includes(item)) return [file];
  }
  return include.filter(({ parent }) => parent === file);
}
