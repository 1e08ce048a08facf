/** What each command does with its part of the command line. */
import type { CompiledStatement, Program } from '../language';
import { outcomeOf, runScenario, transcript } from '../outcome';
import { parseCommandLine } from './command-line';
import { visitPrograms } from './programs';
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
  gmemscope compare FILE.gmem…      which statements do something else on another kernel
    --kernel NAME [--with KNOB VARIANT]…  once or twice; the scenario's own, and the other
                                    real one, are compared where nothing else is said
    --exact                         the order of SPTE changes and the bits of leaves count, too
    --json                          one JSON object a line (docs/language.md)
    --scenario TITLE
  gmemscope verify FILE.gmem…       whether a real kernel does the same, in QEMU
    --kernel linux-7.3|linux-6.12   instead of the one that the scenario names
  gmemscope record FILE.gmem…       what a real kernel does, as a recording
    --kernel linux-7.3|linux-6.12
    --output FILE.jsonl             instead of standard output
  gmemscope lsp [--stdio]           the language server, for editors (docs/editors.md)
  gmemscope dap [--stdio]           the debug adapter, for editors
  gmemscope help                    this text
  gmemscope --version

Exit status: 0 done, 1 a file cannot be read or has errors, a claim is not met, kernels differ,
or an editor left without a word, 2 wrong command line.
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
function statementLength({ statement: { span, outcome } }: CompiledStatement): number {
  return (outcome?.span.start ?? span.end) - span.start;
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

/** `gmemscope run`. Returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('run', args, {
    json: { type: 'boolean' },
    color: { type: 'string' },
    scenario: { type: 'string' },
  });
  const paint = painterFor(process.stdout, values.color);
  const paintError = painterFor(process.stderr, values.color);
  return visitPrograms(positionals, values.scenario, paintError, ({ file, text }, programs) => {
    if (!values.json && positionals.length > 1) console.log(`${file}:`);
    for (const program of programs) {
      if (values.json) printJson(file, program);
      else printText(text, program, paint);
    }
  });
}
