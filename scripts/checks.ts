import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../workbench/paths';
import { findChromium } from './chromium';
import { findNeovim } from './neovim';

interface Count {
  passed: number;
  failed: number;
}

interface Check {
  title: string;
  command: readonly string[];
  /** A file in which the command reports its tests; a command without one counts as one test. */
  report?: string;
}

const vitest = (project: string): Pick<Check, 'command' | 'report'> => {
  const report = path.join(projectRoot, '.cache', `vitest-${project}.json`);
  return {
    command: [
      'vitest',
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
    ],
    report,
  };
};

const checks: readonly Check[] = [
  { title: 'Format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { title: 'Nothing unused', command: ['knip'] },
  { title: 'Types', command: ['tsc', '-b', '--stopBuildOnErrors'] },
  { title: 'Generated files', command: ['tsx', 'scripts/generate.ts', '--check'] },
  { title: 'Unit and integration tests', ...vitest('unit') },
  { title: 'Conformance with recorded kernels', command: ['tsx', 'scripts/conformance.ts'] },
  { title: 'Package', command: ['tsx', 'scripts/package.ts'] },
];

/** Checks that need a program which may be missing. */
interface OptionalCheck extends Check {
  program: string;
  find: (environment: NodeJS.ProcessEnv) => string | undefined;
  variable: string;
  /** The flag that makes the missing program a failure. */
  flag: string;
}

const optionalChecks: readonly OptionalCheck[] = [
  {
    title: 'Neovim tests',
    ...vitest('neovim'),
    program: 'Neovim',
    find: findNeovim,
    variable: 'NVIM_PATH',
    flag: '--require-neovim',
  },
  {
    title: 'Browser tests',
    ...vitest('browser'),
    program: 'Chromium',
    find: findChromium,
    variable: 'CHROME_PATH',
    flag: '--require-browser',
  },
];

/** Runs all checks, even after a failure; returns the exit code. */
export async function runChecks(args: readonly string[]): Promise<number> {
  const flags = optionalChecks.map(({ flag }) => flag);
  const unknown = args.filter((argument) => !flags.includes(argument));
  if (unknown.length > 0) {
    console.error(`npm test only accepts ${flags.join(' and ')}, not ${unknown.join(' ')}.`);
    return 2;
  }
  const summary: string[] = [];
  const total: Count = { passed: 0, failed: 0 };
  const add = (title: string, { passed, failed }: Count) => {
    total.passed += passed;
    total.failed += failed;
    summary.push(`${failed === 0 ? 'ok    ' : 'FAILED'}  ${title}: ${passed} passed, ${failed} failed`);
  };
  for (const check of checks) add(check.title, await run(check));
  for (const check of optionalChecks) {
    const { title, program, find, variable, flag } = check;
    if (find(process.env) !== undefined) {
      add(title, await run(check));
    } else if (args.includes(flag)) {
      add(`${title}: ${program} was not found, but they are required`, { passed: 0, failed: 1 });
    } else {
      summary.push(`skipped ${title}: ${program} was not found on the PATH or as ${variable}`);
    }
  }
  console.log(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

async function run({ title, command, report }: Check): Promise<Count> {
  console.log(`\n=== ${title}: ${command.slice(0, 4).join(' ')}`);
  if (report !== undefined) await rm(report, { force: true });
  const succeeded = await execute(command);
  const counted = report === undefined ? undefined : await readReport(report);
  if (counted === undefined) return succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  // A test file that fails to load contains no failed test, but is a failure.
  return { ...counted, failed: succeeded ? counted.failed : Math.max(1, counted.failed) };
}

function execute([name = '', ...args]: readonly string[]): Promise<boolean> {
  const tools = path.join(projectRoot, 'node_modules', '.bin');
  const env = { ...process.env, PATH: `${tools}${path.delimiter}${process.env.PATH ?? ''}` };
  return new Promise((resolve) => {
    const child = spawn(name, args, {
      cwd: projectRoot,
      env,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
}

/** The counts of vitest's JSON report; undefined if vitest failed before it wrote one. */
async function readReport(file: string): Promise<Count | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { numPassedTests, numFailedTests } = JSON.parse(text);
  return { passed: numPassedTests, failed: numFailedTests };
}
