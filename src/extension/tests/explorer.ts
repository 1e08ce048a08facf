import { Disposable, type TestItem, TestRunProfileKind, tests } from 'vscode';
import { ContinuousRuns } from './continuous';
import { debugPlanned } from './debug';
import { Discovery } from './discovery';
import { visitPlanned } from './planned';
import { runPlanned } from './run';
import { ScenarioTree } from './tree';

/** The Test Explorer: the scenarios of the workspace, and whether they meet their expectations. */
export function registerTestExplorer(): Disposable {
  const controller = tests.createTestController('gmemscope', 'Guest memory scenarios');
  const tree = new ScenarioTree(controller);
  const continuous = new ContinuousRuns(tree, (request) =>
    visitPlanned(tree, controller, request, runPlanned),
  );
  const discovery = new Discovery(tree, {
    outdated: (uri) => {
      const file = tree.get(uri);
      if (file !== undefined) controller.invalidateTestResults(file);
    },
    saved: (uri) => continuous.saved(uri),
  });
  controller.resolveHandler = async (item: TestItem | undefined) => {
    if (item === undefined) await discovery.watch();
    else if (item.uri !== undefined && tree.has(item.uri)) await discovery.resolve(item.uri);
  };
  controller.refreshHandler = async () => {
    await discovery.find();
  };
  controller.createRunProfile(
    'Run',
    TestRunProfileKind.Run,
    async (request, token) => {
      if (request.continuous === true) {
        continuous.add(request, token);
        return;
      }
      // A run of all tests before the explorer was opened has to find the files first.
      if (request.include === undefined) await discovery.watch();
      await visitPlanned(tree, controller, request, runPlanned);
    },
    true,
    undefined,
    true,
  );
  controller.createRunProfile(
    'Debug',
    TestRunProfileKind.Debug,
    (request) => visitPlanned(tree, controller, request, debugPlanned),
    true,
  );
  return Disposable.from(controller, discovery, continuous);
}
