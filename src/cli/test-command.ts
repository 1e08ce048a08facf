/** `gmemscope test`: whether statements do what their scenario claims behind `=>`. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import type { Diagnostic, Program } from '../language';
import {
  acceptingEdit,
  applyEdits,
  type Checked,
  checkScenario,
  hasNews,
  reportOn,
  type TextEdit,
} from '../outcome';
import { parseCommandLine } from './command-line';
import { FAILED, OK, UsageError } from './exit';
import { diagnosticText, fileErrorText, readScenario, type Scenario } from './scenario';
import { painterFor } from './style';
import { type FileReport, REPORTS } from './test-reports';

/** The scenarios that files, folders and patterns stand for, in a stable order. */
async function findFiles(patterns: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const pattern of patterns) {
    const absolute = path.isAbsolute(pattern);
    const found = await glob(pattern.replaceAll('\\', '/'), { absolute, dot: true });
    // A folder stands for the scenarios in it; a file that is named is meant whatever it is called.
    const scenarios = found.filter((file) => file === pattern || file.endsWith('.gmem'));
    if (scenarios.length === 0) {
      throw new Error(`${pattern}: there is no such file, and no scenario that the pattern matches`);
    }
    files.push(...scenarios.sort());
  }
  return [...new Set(files)];
}

/** Whether a statement is to claim something else: one whose claims are not met, or with `--add` one that has news. */
function wantsEdit({ statement: { expected }, unmet, actual }: Checked, add: boolean): boolean {
  return unmet.length > 0 || (add && expected === null && hasNews(actual));
}

/** The same statement in each of the scenarios that share it. */
function byStatement(all: readonly Checked[]): readonly (readonly [Checked, ...Checked[]])[] {
  const groups = new Map<number, [Checked, ...Checked[]]>();
  for (const one of all) {
    const { start } = one.statement.statement.span;
    const group = groups.get(start);
    if (group === undefined) groups.set(start, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/**
 * The edits of a file, one for each statement.
 * @throws Error where scenarios that share a statement would have it claim different things.
 */
function editsOf(all: readonly Checked[], add: boolean): readonly TextEdit[] {
  return byStatement(all)
    .filter((group) => group.some((one) => wantsEdit(one, add)))
    .map(([first, ...others]) => {
      const edit = acceptingEdit(first);
      if (others.every((other) => acceptingEdit(other).newText === edit.newText)) return edit;
      const { line } = first.statement;
      throw new Error(
        `line ${line} does not do the same in all scenarios that share it: claim it in their blocks`,
      );
    });
}

interface Options {
  readonly update: boolean;
  readonly add: boolean;
}

function whole({ analysis }: Scenario): readonly { program: Program; all: readonly Checked[] }[] {
  return analysis.programs.map((program) => ({ program, all: [...checkScenario(program)] }));
}

/** Checks one file, and rewrites its claims where that is asked for. */
async function checkFile(file: string, { update, add }: Options): Promise<FileReport> {
  const scenario = await readScenario(file);
  const errors = scenario.analysis.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const texts = errors.map((error) => errorText(scenario, error));
    return { file, scenario, errors: texts, scenarios: [], updated: 0 };
  }
  const checked = whole(scenario);
  const edits =
    update || add
      ? editsOf(
          checked.flatMap(({ all }) => all),
          add,
        )
      : [];
  if (edits.length > 0) {
    await writeFile(file, applyEdits(scenario.text, edits));
    return { ...(await checkFile(file, { update: false, add: false })), updated: edits.length };
  }
  const scenarios = checked.map(({ program, all }) => reportOn(program, all));
  return { file, scenario, errors: [], scenarios, updated: 0 };
}

function errorText(scenario: Scenario, diagnostic: Diagnostic): string {
  return diagnosticText(scenario, diagnostic, (_paint, text) => text);
}

/** `gmemscope test`. Returns the exit status. */
export async function test(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('test', args, {
    update: { type: 'boolean' },
    add: { type: 'boolean' },
    format: { type: 'string' },
    output: { type: 'string' },
    color: { type: 'string' },
  });
  const { format = 'text', output } = values;
  const report = REPORTS.get(format);
  if (report === undefined) {
    throw new UsageError(`--format is ${[...REPORTS.keys()].join(', ')}, not \`${format}\``);
  }
  const paint = painterFor(process.stdout, output === undefined ? values.color : 'never');
  const options: Options = { update: values.update === true, add: values.add === true };
  const reports: FileReport[] = [];
  for (const file of await findFiles(positionals)) {
    try {
      reports.push(await checkFile(file, options));
    } catch (error) {
      const text = fileErrorText(file, error, (_paint, message) => message);
      reports.push({ file, scenario: null, errors: [text], scenarios: [], updated: 0 });
    }
  }
  const text = report(reports, paint);
  if (output === undefined) process.stdout.write(text);
  else await writeFile(output, text);
  const failed = reports.some(
    ({ errors, scenarios }) => errors.length > 0 || scenarios.some(({ unmet }) => unmet.length > 0),
  );
  return failed ? FAILED : OK;
}
