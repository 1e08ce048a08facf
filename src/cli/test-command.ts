/** `gmemscope test`: whether statements do what their scenario expects behind `=>`. */
import { applyEdits, capped, type Diagnostic, type Program } from '../language';
import {
  type Acceptances,
  acceptancesOf,
  type Checked,
  checkScenario,
  hasFailedExpectation,
  hasUnexpectedNews,
  reportOn,
} from '../outcome';
import { parseCommandLine } from './command-line';
import { FAILED, OK, UsageError } from './exit';
import { findFiles } from './files';
import { saveFile } from './save';
import { diagnosticText, fileErrorText, readScenario, rewriteText, type ScenarioFile } from './scenario-file';
import { painterFor } from './style';
import { type FileReport, REPORTS } from './test-reports';

/**
 * The edits of a file: for failed expectations, and with `add` also for statements without an expectation whose outcome
 * is worth one.
 * @throws Error if scenarios that share a statement would need different expectations.
 */
function acceptancesIn({ analysis }: ScenarioFile, all: readonly Checked[], add: boolean): Acceptances {
  const wants = (one: Checked) => hasFailedExpectation(one) || (add && hasUnexpectedNews(one));
  const acceptances = acceptancesOf(analysis.document, all, wants);
  const [first] = acceptances.disputed;
  if (first === undefined) return acceptances;
  throw new Error(
    `line ${first.line} has different outcomes in the scenarios that share it: write its expectations in their blocks`,
  );
}

interface Options {
  readonly update: boolean;
  readonly add: boolean;
}

function whole({ analysis }: ScenarioFile): readonly { program: Program; all: readonly Checked[] }[] {
  return analysis.programs.map((program) => ({ program, all: [...checkScenario(program)] }));
}

/** Checks one file and updates its expectations if requested. */
async function checkFile(file: string, { update, add }: Options): Promise<FileReport> {
  const scenario = await readScenario(file);
  const errors = scenario.analysis.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const texts = capped(errors).map((error) => errorText(scenario, error));
    return { file, scenario, errors: texts, scenarios: [], updated: 0 };
  }
  const checked = whole(scenario);
  if (update || add) {
    const everything = checked.flatMap(({ all }) => all);
    const { edits, count } = acceptancesIn(scenario, everything, add);
    if (count > 0) {
      await rewriteText(file, applyEdits(scenario.text, edits));
      return { ...(await checkFile(file, { update: false, add: false })), updated: count };
    }
  }
  const scenarios = checked.map(({ program, all }) => reportOn(program, all));
  return { file, scenario, errors: [], scenarios, updated: 0 };
}

function errorText(scenario: ScenarioFile, diagnostic: Diagnostic): string {
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
  else await saveFile(output, text);
  const failed = reports.some(
    ({ errors, scenarios }) => errors.length > 0 || scenarios.some(({ failed }) => failed.length > 0),
  );
  return failed ? FAILED : OK;
}
