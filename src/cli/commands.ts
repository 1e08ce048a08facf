/** What each command does with its part of the command line. */
import type { Analysis, CompiledStatement, Program } from '../language';
import { outcomeOf, runScenario, transcript } from '../outcome';
import { parseCommandLine } from './command-line';
import { FAILED, OK } from './exit';
import { diagnosticText, fileErrorText, readScenario } from './scenario';
import { type Painter, painterFor } from './style';

declare const GMEMSCOPE_VERSION: string | undefined;

/** Set when the command is bundled (scripts/build). */
export function version(): string {
  return typeof GMEMSCOPE_VERSION === 'string' ? GMEMSCOPE_VERSION : 'development';
}

export const HELP = `gmemscope: scenarios of KVM guest memory, run on a simulated kernel

  gmemscope run FILE.gmem…          what each statement does
    --json                          one JSON object a line (docs/language.md)
    --scenario TITLE                only the scenario of that title
    --color auto|always|never       colours; also NO_COLOR and FORCE_COLOR
  gmemscope test FILE|FOLDER|GLOB…  whether statements do what is claimed behind \`=>\`
    --update                        rewrite the claims that are not met
    --add                           claim something of statements without a claim, too
    --format text|tap|junit         text unless said otherwise
    --output FILE                   the report, instead of standard output
  gmemscope fmt FILE|FOLDER|GLOB…   rewrite scenarios in columns, as the editor formats them
    --check                         only say which are not formatted
    --no-align                      one space between words instead of columns
  gmemscope verify FILE.gmem…       whether a real kernel does the same, in QEMU
    --kernel linux-7.3|linux-6.12   instead of the one that the scenario names
  gmemscope record FILE.gmem…       what a real kernel does, as a recording
    --kernel linux-7.3|linux-6.12
    --output FILE.jsonl             instead of standard output
  gmemscope lsp [--stdio]           the language server, for editors (docs/editors.md)
  gmemscope dap [--stdio]           the debug adapter, for editors
  gmemscope help                    this text
  gmemscope --version

Exit status: 0 done, 1 a file cannot be read or has errors, a claim is not met, a file is not
formatted, a kernel differs, or an editor left without a word, 2 wrong command line.
A call that KVM refuses is an outcome: it does not change the exit status.`;

/** Outcomes start at this column at the latest; longer statements push theirs on. */
const WIDEST = 60;

function printJson(file: string, program: Program): void {
  const { title } = program;
  for (const { statement, events } of runScenario(program)) {
    const { line } = statement;
    const scenario = title === null ? {} : { scenario: title };
    const record = { file, ...scenario, line, statement: statement.statement.keyword, ...outcomeOf(events) };
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

/** Length of a statement without what is claimed of it. */
function statementLength({ statement: { callSpan } }: CompiledStatement): number {
  return callSpan.end - callSpan.start;
}

function printText(text: string, program: Program, paint: Painter): void {
  if (program.title !== null) console.log(paint('title', program.title));
  const width = columnWidth(program.statements.map(statementLength));
  for (const { line, source, outcome, failed } of transcript(text, program)) {
    const number = paint('number', String(line).padStart(4));
    const did = paint(failed ? 'failed' : 'quiet', outcome);
    console.log(`${number}  ${paint('statement', source.padEnd(width))}  ${did}`);
  }
}

/**
 * The scenarios of a file that are asked for.
 * @throws Error where none has the title.
 */
function chosen({ programs }: Analysis, title: string | undefined): readonly Program[] {
  if (title === undefined) return programs;
  const found = programs.filter((program) => program.title === title);
  if (found.length > 0) return found;
  const titles = programs.flatMap((program) => (program.title === null ? [] : [`"${program.title}"`]));
  const there = titles.length === 0 ? 'it has no `scenario` blocks' : `it has ${titles.join(', ')}`;
  throw new Error(`there is no scenario "${title}": ${there}`);
}

/** `gmemscope run`. Returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('run', args, {
    json: { type: 'boolean' },
    color: { type: 'string' },
    scenario: { type: 'string' },
  });
  const paint = painterFor(process.stdout, values.color);
  const paintError = painterFor(process.stderr, values.color);
  let status = OK;
  for (const file of positionals) {
    try {
      const scenario = await readScenario(file);
      const { diagnostics } = scenario.analysis;
      for (const diagnostic of diagnostics) {
        console.error(diagnosticText(scenario, diagnostic, paintError));
      }
      if (diagnostics.some(({ severity }) => severity === 'error')) {
        status = FAILED;
        continue;
      }
      if (!values.json && positionals.length > 1) console.log(`${file}:`);
      for (const program of chosen(scenario.analysis, values.scenario)) {
        if (values.json) printJson(file, program);
        else printText(scenario.text, program, paint);
      }
    } catch (error) {
      console.error(fileErrorText(file, error, paintError));
      status = FAILED;
    }
  }
  return status;
}
