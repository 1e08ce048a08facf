/** Prints a line of JSON whenever a test file begins, ends, or has its first failure. */
import path from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export type Report = readonly ['begin' | 'passed' | 'failed', file: string];

export default class implements Reporter {
  onTestModuleQueued(module: TestModule): void {
    print('begin', module);
  }

  onTestCaseResult(test: TestCase): void {
    if (test.result().state === 'failed') print('failed', test.module);
  }

  onTestModuleEnd(module: TestModule): void {
    print(module.ok() ? 'passed' : 'failed', module);
  }
}

function print(what: Report[0], { moduleId, project }: TestModule): void {
  const file = path.relative(project.config.root, moduleId).split(path.sep).join('/');
  process.stdout.write(`\n@${JSON.stringify([what, file])}\n`);
}
