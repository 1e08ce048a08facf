#!/usr/bin/env node
/** The command `gmemscope`. */
import { isMainThread } from 'node:worker_threads';
import { run, version } from './commands';
import type { CompareJob } from './compare-command';
import type { DocJob } from './doc-command';
import { FAILED, OK, USAGE_ERROR, UsageError } from './exit';
import type { ExploreJob } from './explore-command';
import { asksForHelp, HELP, helpOf } from './help';
import { printError } from './output';
import { serve, type Tasks } from './parallel';
import { record, verify } from './real-kernel-commands';
import { render } from './render';
import type { TestJob } from './test-command';

/** A reader that exits early (`gmemscope run … | head`) is not an error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  console.error(`gmemscope: standard output cannot be written: ${error.message}`);
  process.exit(FAILED);
});

const STANDARD = { input: process.stdin, output: process.stdout };

async function main([command, ...rest]: readonly string[]): Promise<number> {
  const help = command !== undefined && asksForHelp(rest) ? helpOf(command) : null;
  if (help !== null) {
    console.log(help);
    return OK;
  }
  switch (command) {
    case 'run':
      return run(rest);
    case 'test':
      return (await import('./test-command')).test(rest);
    case 'explore':
      return (await import('./explore-command')).exploreCommand(rest);
    case 'doc':
      return (await import('./doc-command')).doc(rest);
    case 'render':
      return render(rest);
    case 'fmt':
      return (await import('./format-command')).format(rest);
    case 'compare':
      return (await import('./compare-command')).compare(rest);
    case 'verify':
      return verify(rest);
    case 'record':
      return record(rest);
    // The other commands start faster without loading the servers' libraries.
    case 'lsp':
      return (await import('./servers')).languageServer(rest, STANDARD);
    case 'dap':
      return (await import('./servers')).debugAdapter(rest, STANDARD);
    case '--version':
    case '-v':
      console.log(version());
      return 0;
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      console.log(HELP);
      return command === undefined ? USAGE_ERROR : 0;
    default:
      throw new UsageError(`unknown command \`${command}\``);
  }
}

/** What workers do for commands that go through many files. */
const TASKS: Tasks = {
  test: async (job: TestJob) => (await import('./test-command')).testFile(job),
  explore: async (job: ExploreJob) => (await import('./explore-command')).exploreFile(job),
  compare: async (job: CompareJob) => (await import('./compare-command')).compareFile(job),
  doc: async (job: DocJob) => (await import('./doc-command')).checkOrUpdate(job),
};

const work = isMainThread ? main(process.argv.slice(2)) : serve(TASKS).then(() => OK);

work.then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const wrongUse = error instanceof UsageError;
    const message = error instanceof Error ? error.message : String(error);
    printError(`gmemscope: ${message}${wrongUse ? '\nTry `gmemscope help`.' : ''}`);
    process.exitCode = wrongUse ? USAGE_ERROR : FAILED;
  },
);
