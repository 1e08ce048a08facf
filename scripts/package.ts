/** `npm run package`: packs the .vsix for VS Code on a desktop and checks its contents. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../workbench/paths';
import { build } from './build';
import { packageProblems } from './package-check';
import { createPackage } from './vsix';

const packages = await build();
const { version } = JSON.parse(await readFile(path.join(projectRoot, 'package.json'), 'utf8'));
const file = path.join(projectRoot, `gmemscope-${version}.vsix`);
await createPackage(file);
const problems = await packageProblems(await readFile(file), packages);
const name = path.relative(projectRoot, file);
if (problems.length === 0) {
  console.log(`\nAll checks passed. To install it: code --install-extension ${name}`);
} else {
  console.error(`\n${name} cannot be released:\n${problems.join('\n')}`);
  process.exitCode = 1;
}
