/** What each command does with its part of the command line. */
import { analyze, type CompiledStatement, type Program } from '../language';
import { annotate, outcomeOf, runScenario, transcript, withoutAnnotations } from '../outcome';
import { parseCommandLine } from './command-line';
import { visitPrograms } from './programs';
import type { Scenario } from './scenario';
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
    --annotate                      the scenario itself, with what each statement did under it
    --color auto|always|never       colours; also NO_COLOR and FORCE_COLOR
  gmemscope test FILE|FOLDER|GLOB…  whether statements do what is claimed behind \`=>\`
    --update                        rewrite the claims that are not met
    --add                           claim something of statements without a claim, too
    --format text|tap|junit         text unless said otherwise
    --output FILE                   the report, instead of standard output
  gmemscope doc check DOC…          whether documents show what the simulator says (docs/documents.md)
  gmemscope doc update DOC…         rewrites what they show
    --root FOLDER                   files outside of it are not read (this folder unless said otherwise)
  gmemscope render FILE.gmem        a figure of a statement: file, slots, gfns, what was zapped
    --scenario TITLE                which one, of several that share the statement
    --step N|line:N                 the Nth statement, or the one on a line; else the last
    --show change|state             what it changed (default), or the state after it alone
    --format ascii|svg|html         else as --output ends, else ascii
    --width PIXELS                  of svg and html, 480 to 2000; else 700 (docs/figures.md)
    --output FILE                   instead of standard output
  gmemscope fmt FILE|FOLDER|GLOB…   rewrite scenarios in columns, as the editor formats them
    --check                         only say which are not formatted
    --no-align                      one space between words instead of columns
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

Exit status: 0 done, 1 a file cannot be read or has errors, a claim is not met, a file is not
formatted, kernels differ, or an editor left without a word, 2 wrong command line.
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

/** The text with what each statement did, in the place of what stood there of that. */
function annotatedText({ text, analysis }: Scenario): string {
  const plain = withoutAnnotations(text);
  return annotate(plain, plain === text ? analysis : analyze(plain)).trimEnd();
}

/** `gmemscope run`. Returns the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('run', args, {
    json: { type: 'boolean' },
    color: { type: 'string' },
    scenario: { type: 'string' },
    annotate: { type: 'boolean' },
  });
  const paint = painterFor(process.stdout, values.color);
  const paintError = painterFor(process.stderr, values.color);
  return visitPrograms(positionals, values.scenario, paintError, (scenario, programs) => {
    const { file, text } = scenario;
    if (values.annotate) {
      console.log(annotatedText(scenario));
      return;
    }
    if (!values.json && positionals.length > 1) console.log(`${file}:`);
    for (const program of programs) {
      if (values.json) printJson(file, program);
      else printText(text, program, paint);
    }
  });
}
