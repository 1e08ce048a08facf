/** What each command does with its part of the command line. */
import { outcomeOf, runScenario, transcript } from '../outcome';
import { parseCommandLine } from './command-line';
import { FAILED, OK } from './exit';
import { diagnosticText, fileErrorText, readScenario, type Scenario } from './scenario';
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
  gmemscope render FILE.gmem        a figure of a statement: file, slots, gfns, what was zapped
    --step N|line:N                 the Nth statement, or the one on a line; else the last
    --show change|state             what it changed (default), or the state after it alone
    --format ascii|svg|html         else as --output ends, else ascii
    --width PIXELS                  of svg and html, 480 to 2000; else 700 (docs/figures.md)
    --output FILE                   instead of standard output
  gmemscope verify FILE.gmem…       whether a real kernel does the same, in QEMU
    --kernel linux-7.3|linux-6.12   instead of the one that the scenario names
  gmemscope record FILE.gmem…       what a real kernel does, as a recording
    --kernel linux-7.3|linux-6.12
    --output FILE.jsonl             instead of standard output
  gmemscope lsp [--stdio]           the language server, for editors (docs/editors.md)
  gmemscope dap [--stdio]           the debug adapter, for editors
  gmemscope help                    this text
  gmemscope --version

Exit status: 0 done, 1 a file cannot be read or has errors, a kernel differs, or an editor
left without a word, 2 wrong command line.
A call that KVM refuses is an outcome: it does not change the exit status.`;

/** Outcomes start at this column at the latest; longer statements push theirs on. */
const WIDEST = 60;

function printJson({ file, analysis }: Scenario): void {
  for (const { statement, events } of runScenario(analysis.program)) {
    const { line } = statement;
    const record = { file, line, statement: statement.statement.keyword, ...outcomeOf(events) };
    console.log(JSON.stringify(record));
  }
}

/** Characters that the column of statements takes. There may be more of them than a call can have arguments. */
export function columnWidth(lengths: readonly number[]): number {
  return Math.min(
    WIDEST,
    lengths.reduce((widest, length) => Math.max(widest, length), 0),
  );
}

function printText({ text, analysis }: Scenario, paint: Painter): void {
  const width = columnWidth(
    analysis.program.statements.map(({ statement: { span } }) => span.end - span.start),
  );
  for (const { line, source, outcome, failed } of transcript(text, analysis)) {
    const number = paint('number', String(line).padStart(4));
    const did = paint(failed ? 'failed' : 'quiet', outcome);
    console.log(`${number}  ${paint('statement', source.padEnd(width))}  ${did}`);
  }
}

/** `gmemscope run`. Returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('run', args, {
    json: { type: 'boolean' },
    color: { type: 'string' },
  });
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
      console.error(fileErrorText(file, error, paintError));
      status = FAILED;
    }
  }
  return status;
}
