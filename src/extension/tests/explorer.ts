import {
  Disposable,
  type TestItem,
  type TestRun,
  TestRunProfileKind,
  type TestRunRequest,
  tests,
} from 'vscode';
import { ContinuousRuns } from './continuous';
import { countedRun, coverageDetails, registerListings } from './coverage';
import { debugPlanned } from './debug';
import { Discovery } from './discovery';
import { type VisitPlanned, visitPlanned } from './planned';
import { runPlanned } from './run';
import { ScenarioTree } from './tree';

/** The Test Explorer: the scenarios of the workspace, and whether they meet their expectations. */
export function registerTestExplorer(): Disposable {
  const controller = tests.createTestController('gmemscope', 'Guest memory scenarios');
  const tree = new ScenarioTree(controller);
  const visit = async (request: TestRunRequest, visitOne: VisitPlanned, atEnd?: (run: TestRun) => void) => {
    await discovery.settle();
    await visitPlanned(tree, controller, request, visitOne, atEnd);
  };
  /** A run of all tests before the explorer was opened has to find the files first. */
  const findAll = async ({ include }: TestRunRequest) => {
    if (include === undefined) await discovery.watch();
  };
  const continuous = new ContinuousRuns(tree, (request) => visit(request, runPlanned));
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
      await findAll(request);
      await visit(request, runPlanned);
    },
    true,
    undefined,
    true,
  );
  controller.createRunProfile(
    'Debug',
    TestRunProfileKind.Debug,
    (request) => visit(request, debugPlanned),
    true,
  );
  const coverage = controller.createRunProfile(
    'Coverage',
    TestRunProfileKind.Coverage,
    async (request) => {
      const counted = countedRun();
      await findAll(request);
      await visit(request, counted.visit, counted.addCoverage);
    },
    true,
  );
  coverage.loadDetailedCoverage = async (_, file) => coverageDetails(file);
  return Disposable.from(controller, discovery, continuous, registerListings());
}
