/** The unit tests as a mutation run wants them: those first that are likely to fail soon. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import base from '../../vitest.config';

const root = path.resolve(import.meta.dirname, '../..');
const unit = base.test?.projects?.find(
  (project) => typeof project === 'object' && 'test' in project && project.test?.name === 'unit',
);
if (typeof unit !== 'object' || !('test' in unit)) throw new Error('vitest.config.ts has no project `unit`');

class InGivenOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const list = process.env.MUTATE_ORDER;
    const order: readonly string[] = list === undefined ? [] : JSON.parse(readFileSync(list, 'utf8'));
    const place = ({ moduleId }: TestSpecification) =>
      order.indexOf(path.relative(root, moduleId).split(path.sep).join('/'));
    return [...files].sort((one, other) => place(one) - place(other));
  }
}

const setupFiles = ['scripts/mutate/reach-setup.ts', ...[unit.test?.setupFiles ?? []].flat()];

export default defineConfig({
  root,
  test: {
    ...unit.test,
    setupFiles,
    sequence: { sequencer: InGivenOrder },
    experimental: { fsModuleCache: true },
  },
});
