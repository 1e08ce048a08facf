import {
  type TestController,
  type TestItem,
  TestMessage,
  type TestRun,
  type TestRunRequest,
  type Uri,
} from 'vscode';
import { type Analysis, indexLines, type LineIndex } from '../../language';
import { analysisAt } from '../documents';
import { messageOf } from '../errors';
import { type ScenarioTest, testsOf } from './scenario-tests';
import type { FileNode, ScenarioTree } from './tree';

/** A scenario to run, with the text that contains it. */
export interface Planned {
  readonly item: TestItem;
  readonly test: ScenarioTest;
  readonly uri: Uri;
  readonly lines: LineIndex;
}

/** Whether an item or one of its ancestors is among those. */
function isUnder(item: TestItem | undefined, among: readonly TestItem[]): boolean {
  return item !== undefined && (among.includes(item) || isUnder(item.parent, among));
}

function plannedIn({ item: file, uri }: FileNode, analysis: Analysis): readonly Planned[] {
  const { whole, scenarios } = testsOf(analysis);
  const lines = indexLines(analysis.document.text);
  const plan = (item: TestItem | undefined, test: ScenarioTest): Planned[] =>
    item === undefined ? [] : [{ item, test, uri, lines }];
  if (whole !== null) return plan(file, whole);
  return scenarios.flatMap((test) => plan(file.children.get(test.id), test));
}

/** The scenarios that a request includes, file by file, as their texts are when their turn comes. */
async function* plannedFor(
  tree: ScenarioTree,
  controller: TestController,
  { include, exclude = [] }: TestRunRequest,
  run: TestRun,
): AsyncGenerator<Planned> {
  const all = [...controller.items].map(([, item]) => item);
  for (const file of tree.filesOf(include ?? all)) {
    if (isUnder(file.item, exclude)) continue;
    try {
      const analysis = await analysisAt(file.uri);
      tree.update(file.uri, analysis);
      for (const planned of plannedIn(file, analysis)) {
        const { item } = planned;
        if (!isUnder(item, exclude) && (include === undefined || isUnder(item, include))) yield planned;
      }
    } catch (error) {
      run.errored(file.item, new TestMessage(`The file cannot be read: ${messageOf(error)}`));
    }
  }
}

/** Runs or debugs a scenario in a run. */
export type VisitPlanned = (run: TestRun, planned: Planned) => Promise<void>;

/**
 * Creates a run for a request and visits its scenarios one after the other, until the user cancels it.
 * @param atEnd Called before the run ends.
 */
export async function visitPlanned(
  tree: ScenarioTree,
  controller: TestController,
  request: TestRunRequest,
  visit: VisitPlanned,
  atEnd?: (run: TestRun) => void,
): Promise<void> {
  const run = controller.createTestRun(request);
  try {
    for await (const planned of plannedFor(tree, controller, request, run)) {
      if (run.token.isCancellationRequested) break;
      run.started(planned.item);
      await visit(run, planned);
    }
    atEnd?.(run);
  } finally {
    run.end();
  }
}
