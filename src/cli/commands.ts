/** What each command does with its part of the command line. */
import { parseArgs } from 'node:util';
import { outcomeOf, runScenario, transcript } from '../outcome';
import { FAILED, OK, UsageError } from './exit';
import { diagnosticText, readScenario, type Scenario } from './scenario';
import { type Painter, painterFor } from './style';

declare const GMEMSCOPE_VERSION: string | undefined;

/** Set when the command is bundled (scripts/build). */
export function version(): string {
  return typeof GMEMSCOPE_VERSION === 'string' ? GMEMSCOPE_VERSION : 'development';
}

export const HELP = `gmemscope: scenarios of KVM guest memory, run on a simulated kernel

  gmemscope run FILE.gmem…          what each statement does
    --json                          one JSON object a line (docs/language.md)
    --color auto|always|never       colours; also NO_COLOR and FORCE_COLOR
  gmemscope help                    this text
  gmemscope --version

Exit status: 0 done, 1 a file cannot be read or has errors, 2 wrong command line.
A call that KVM refuses is an outcome: it does not change the exit status.`;

/** Outcomes start at this column at the latest; longer statements push theirs on. */
const WIDEST = 60;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, color: { type: 'string' } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function printJson({ file, analysis }: Scenario): void {
  for (const { statement, events } of runScenario(analysis.program)) {
    const { line } = statement;
    const record = { file, line, statement: statement.statement.keyword, ...outcomeOf(events) };
    console.log(JSON.stringify(record));
  }
}

function printText({ text, analysis }: Scenario, paint: Painter): void {
  const lengths = analysis.program.statements.map(({ statement: { span } }) => span.end - span.start);
  const width = Math.min(WIDEST, Math.max(0, ...lengths));
  for (const { line, source, outcome, failed } of transcript(text, analysis)) {
    const number = paint('number', String(line).padStart(4));
    const did = paint(failed ? 'failed' : 'quiet', outcome);
    console.log(`${number}  ${paint('statement', source.padEnd(width))}  ${did}`);
  }
}

/** `gmemscope run`. Returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (positionals.length === 0) throw new UsageError('`run` needs a .gmem file');
  const paint = painterFor(process.stdout, values.color);
  const paintError = painterFor(process.stderr, values.color);
  let status = OK;
  for (const file of positionals) {
    try {
      const scenario = await readScenario(file);
      const { diagnostics, program } = scenario.analysis;
      for (const diagnostic of diagnostics) {
        console.error(diagnosticText(scenario, diagnostic, paintError));
      }
      if (program.errors.length > 0) {
        status = FAILED;
        continue;
      }
      if (values.json) {
        printJson(scenario);
        continue;
      }
      if (positionals.length > 1) console.log(`${file}:`);
      printText(scenario, paint);
    } catch (error) {
      console.error(`${paintError('error', 'error:')} ${(error as Error).message}`);
      status = FAILED;
    }
  }
  return status;
}
