import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../workbench/paths';

const json = (file: string) => JSON.parse(readFileSync(path.join(projectRoot, file), 'utf8'));
const { configurations } = json('.vscode/launch.json');
const { tasks } = json('.vscode/tasks.json');
const { scripts, engines } = json('package.json');

describe('F5 in a clone', () => {
  test('begins with a task that there is', () => {
    const labels = tasks.map(({ label }: { label: string }) => label);
    const first = configurations.flatMap(
      ({ preLaunchTask }: { preLaunchTask?: string }) => preLaunchTask ?? [],
    );
    expect(first.length).toBeGreaterThan(0);
    for (const label of first) expect(labels).toContain(label);
  });

  test('waits for the lines that the watch build prints', () => {
    const { background } = tasks[0].problemMatcher;
    const build = readFileSync(path.join(projectRoot, 'scripts/build.ts'), 'utf8');
    for (const pattern of [background.beginsPattern, background.endsPattern]) {
      expect(build).toContain(`console.log('${pattern.slice(1, -1)}')`);
    }
  });

  test('every task runs a script of package.json', () => {
    for (const { script } of tasks) expect(Object.keys(scripts)).toContain(script);
  });
});

test('.nvmrc names the oldest Node that package.json allows', () => {
  expect(`>=${readFileSync(path.join(projectRoot, '.nvmrc'), 'utf8').trim()}`).toBe(engines.node);
});
