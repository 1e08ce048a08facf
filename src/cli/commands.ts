/** The commands of the command line. */
import { analyze, type CompiledStatement, type Program } from '../language';
import { annotate, recordOf, runScenario, transcript, withoutAnnotations } from '../outcome';
import { parseCommandLine } from './command-line';
import { printLine, printLines } from './output';
import { visitPrograms } from './programs';
import type { ScenarioFile } from './scenario-file';
import { type Painter, painterFor } from './style';
import { jsonText } from './visible';

declare const GMEMSCOPE_VERSION: string | undefined;

/** Defined when the command is bundled (scripts/build). */
export function version(): string {
  return typeof GMEMSCOPE_VERSION === 'string' ? GMEMSCOPE_VERSION : 'development';
}

/** Rightmost column at which outcomes start; longer statements push theirs further right. */
const WIDEST = 60;

function* jsonLines(file: string, program: Program): Generator<string> {
  for (const executed of runScenario(program)) yield jsonText(recordOf(file, program, executed));
}

/** Width of the column of statements. There may be more statements than a call can have arguments. */
export function columnWidth(lengths: readonly number[]): number {
  return Math.min(
    WIDEST,
    lengths.reduce((widest, length) => Math.max(widest, length), 0),
  );
}

/** Length of a statement without its expectation. */
function statementLength({ statement: { callSpan } }: CompiledStatement): number {
  return callSpan.end - callSpan.start;
}

function* textLines(text: string, program: Program, paint: Painter): Generator<string> {
  if (program.title !== null) yield paint('title', program.title);
  const width = columnWidth(program.statements.map(statementLength));
  for (const { line, source, outcome, failed } of transcript(text, program)) {
    const number = paint('number', String(line).padStart(4));
    const did = paint(failed ? 'failed' : 'quiet', outcome);
    yield `${number}  ${paint('statement', source.padEnd(width))}  ${did}`;
  }
}

/** The text with the outcome of each statement, replacing earlier outcomes. */
function annotatedText({ text, analysis }: ScenarioFile): string {
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
      // The file itself, with comments: it can be written back.
      console.log(annotatedText(scenario));
      return;
    }
    if (!values.json && positionals.length > 1) printLine(`${file}:`);
    for (const program of programs) {
      printLines(values.json ? jsonLines(file, program) : textLines(text, program, paint));
    }
  });
}
