/** `gmemscope fmt`: formats scenarios. */
import { indexLines, type Layout, parse, positionAt, print } from '../language';
import { parseCommandLine } from './command-line';
import { FAILED, OK, UsageError } from './exit';
import { findFiles } from './files';
import { printError, printLine } from './output';
import { fileErrorText, readStream, readText, rewriteText } from './scenario-file';
import { type Painter, painterFor } from './style';

/** The result for a file: already formatted, rewritten, not formatted (with `--check`), or failed. */
type FormatResult = 'formatted' | 'rewritten' | 'unformatted' | 'failed';

/**
 * The canonical form of a text.
 * @throws Error that names the first syntax error: the layout of a text that cannot be parsed is a guess.
 */
function formatted(text: string, layout: Layout): string {
  const document = parse(text);
  const [error] = document.diagnostics.filter(({ severity }) => severity === 'error');
  if (error === undefined) return print(document, layout);
  const { line, character } = positionAt(indexLines(text), error.span.start);
  throw new Error(`not formatted, line ${line + 1}:${character + 1} has an error: ${error.message}`);
}

/** @throws Error if the file does not have the suffix of a scenario. */
function refuseOthers(file: string): void {
  if (!file.endsWith('.gmem')) throw new Error('not formatted: `fmt` formats .gmem files only');
}

async function formatFile(
  file: string,
  layout: Layout,
  check: boolean,
  paint: Painter,
): Promise<FormatResult> {
  try {
    refuseOthers(file);
    const text = await readText(file);
    const wanted = formatted(text, layout);
    if (wanted === text) return 'formatted';
    if (check) {
      printLine(`${file}: ${paint('warning', 'not formatted')}`);
      return 'unformatted';
    }
    await rewriteText(file, wanted, text);
    printLine(`${file}: formatted`);
    return 'rewritten';
  } catch (error) {
    printError(fileErrorText(file, error, paint));
    return 'failed';
  }
}

const STANDARD_INPUT = '-';

/** Formats standard input to standard output; prints nothing if the text cannot be formatted. */
async function formatInput(layout: Layout, check: boolean, paint: Painter): Promise<FormatResult> {
  try {
    const text = await readStream(process.stdin);
    const wanted = formatted(text, layout);
    if (!check) process.stdout.write(wanted);
    else if (wanted !== text) printLine(`standard input: ${paint('warning', 'not formatted')}`);
    return check && wanted !== text ? 'unformatted' : 'formatted';
  } catch (error) {
    printError(fileErrorText('standard input', error, paint));
    return 'failed';
  }
}

/** `gmemscope fmt`. Returns the exit status. */
export async function format(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('fmt', args, {
    check: { type: 'boolean' },
    'no-align': { type: 'boolean' },
    color: { type: 'string' },
  });
  const paint = painterFor(process.stdout, values.color);
  const layout: Layout = { align: values['no-align'] !== true };
  const check = values.check === true;
  if (positionals.includes(STANDARD_INPUT)) {
    if (positionals.length > 1) throw new UsageError('`fmt -` reads only standard input: name no other file');
    return statusOf([await formatInput(layout, check, paint)]);
  }
  const results: FormatResult[] = [];
  for (const file of await findFiles(positionals)) {
    results.push(await formatFile(file, layout, check, paint));
  }
  return statusOf(results);
}

function statusOf(results: readonly FormatResult[]): number {
  return results.some((result) => result === 'failed' || result === 'unformatted') ? FAILED : OK;
}
