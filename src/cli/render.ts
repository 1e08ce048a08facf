/** `gmemscope render`: the figure of a statement. */
import path from 'node:path';
import {
  ascii,
  DEFAULT_WIDTH,
  type Figure,
  figureOfStep,
  findStep,
  html,
  LEAST_WIDTH,
  MOST_WIDTH,
  svg,
} from '../figures';
import { capped } from '../language';
import { firstOf } from '../simulator';
import { parseCommandLine } from './command-line';
import { FAILED, OK, UsageError } from './exit';
import { saveFile } from './save';
import { diagnosticText, fileErrorText, programsOf, readScenario, type ScenarioFile } from './scenario-file';
import { painterFor } from './style';

const FORMATS = {
  ascii: (figure: Figure) => ascii(figure),
  svg: (figure: Figure, width: number) => svg(figure, { width }),
  html: (figure: Figure, width: number) => html(figure, { width }),
} as const;

type Format = keyof typeof FORMATS;

/** @throws UsageError if the value is not one of the choices. */
function chosen<C extends string>(option: string, value: string, choices: readonly C[]): C {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const last = choices[choices.length - 1];
  throw new UsageError(`--${option} is ${choices.slice(0, -1).join(', ')} or ${last}, not \`${value}\``);
}

/** The format from `--format`, otherwise from the suffix of the output file, otherwise plain text. */
function formatOf(option: string | undefined, output: string | undefined): Format {
  const known = Object.keys(FORMATS) as Format[];
  if (option !== undefined) return chosen('format', option, known);
  const ending = path.extname(output ?? '').slice(1);
  return known.find((format) => format === ending) ?? 'ascii';
}

function widthOf(option: string | undefined, format: Format): number {
  if (option === undefined) return DEFAULT_WIDTH;
  if (format === 'ascii')
    throw new UsageError('--width is for svg and html: plain text always has 72 columns');
  const width = Number(option);
  if (Number.isInteger(width) && width >= LEAST_WIDTH && width <= MOST_WIDTH) return width;
  throw new UsageError(
    `--width is a number of pixels from ${LEAST_WIDTH} to ${MOST_WIDTH}, not \`${option}\``,
  );
}

/** @throws UsageError if the scenario has no such step. */
function figureFor(
  { file, analysis }: ScenarioFile,
  step: string | undefined,
  show: Figure['show'],
  title?: string,
): Figure {
  const found = findStep(analysis.document, step);
  if ('problem' in found) throw new UsageError(`${file}: ${found.problem}`);
  programsOf(analysis, title);
  return figureOfStep(analysis, found.step, path.basename(file), show, { title });
}

/** Returns the exit status. */
export async function render(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('render', args, {
    step: { type: 'string' },
    scenario: { type: 'string' },
    show: { type: 'string' },
    format: { type: 'string' },
    width: { type: 'string' },
    output: { type: 'string' },
    color: { type: 'string' },
  });
  const [file, another] = [firstOf(positionals), positionals[1]];
  if (another !== undefined) throw new UsageError('`render` takes only one file');
  const format = formatOf(values.format, values.output);
  const width = widthOf(values.width, format);
  const show = chosen('show', values.show ?? 'change', ['change', 'state']);
  const paint = painterFor(process.stderr, values.color);
  let scenario: ScenarioFile;
  try {
    scenario = await readScenario(file);
  } catch (error) {
    console.error(fileErrorText(file, error, paint));
    return FAILED;
  }
  const { diagnostics } = scenario.analysis;
  for (const diagnostic of capped(diagnostics)) console.error(diagnosticText(scenario, diagnostic, paint));
  if (diagnostics.some(({ severity }) => severity === 'error')) return FAILED;
  const drawing = FORMATS[format](figureFor(scenario, values.step, show, values.scenario), width);
  if (values.output === undefined) process.stdout.write(drawing);
  else await saveFile(values.output, drawing);
  return OK;
}
