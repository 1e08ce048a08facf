/** `gmemscope render`: the figure of a statement, or of a schedule. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import {
  ascii,
  DEFAULT_WIDTH,
  type DrawnStep,
  drawSchedule,
  drawStep,
  type Figure,
  findStep,
  html,
  isEdited,
  LEAST_WIDTH,
  MOST_WIDTH,
  type Schedule,
  scheduleAscii,
  scheduleSvg,
  sealed,
  svg,
  tooWide,
} from '../figures';
import { capped } from '../language';
import { JSON_VERSION, type StatementOutcome, type StatementPlace } from '../outcome';
import { firstOf } from '../simulator';
import { parseCommandLine } from './command-line';
import { FAILED, OK, UsageError } from './exit';
import { printError, printText } from './output';
import { saveOutput } from './save';
import {
  diagnosticText,
  fileErrorText,
  programsOf,
  readScenario,
  readTextNow,
  type ScenarioFile,
} from './scenario-file';
import { painterFor } from './style';
import { jsonText } from './visible';

/** The document of `render --json`. */
export interface FigureRecord extends StatementPlace {
  readonly version: number;
  readonly figure: Figure;
  /** Absent for a statement that makes no call. */
  readonly outcome?: StatementOutcome;
}

/** The document of `render --schedule --json`. */
export interface ScheduleRecord {
  readonly version: number;
  readonly file: string;
  readonly scenario?: string;
  /** Of the race, or of the first of its calls, from 1. */
  readonly line: number;
  /** The number of the order, for `--witness`; absent without a race. */
  readonly order?: number;
  readonly schedule: Schedule;
}

function json({ figure, scenario, line, keyword, outcome }: DrawnStep, file: string): string {
  const record: FigureRecord = {
    version: JSON_VERSION,
    file,
    ...(scenario === null ? {} : { scenario }),
    line,
    statement: keyword,
    figure,
    ...(outcome === null ? {} : { outcome }),
  };
  return `${jsonText(record)}\n`;
}

interface Drawing {
  /** As the user named it. */
  readonly file: string;
  readonly width: number;
}

const FORMATS = {
  ascii: ({ figure }: DrawnStep) => ascii(figure),
  svg: ({ figure }: DrawnStep, { width }: Drawing) => sealed(svg(figure, { width })),
  html: ({ figure }: DrawnStep, { width }: Drawing) => html(figure, { width }),
  json: (step: DrawnStep, { file }: Drawing) => json(step, file),
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
function formatOf(option: string | undefined, output: string | undefined, asJson = false): Format {
  const known = Object.keys(FORMATS) as Format[];
  if (asJson) {
    if (option === undefined || option === 'json') return 'json';
    throw new UsageError(`--json and --format ${option} exclude each other`);
  }
  if (option !== undefined) return chosen('format', option, known);
  const ending = path.extname(output ?? '').slice(1);
  return known.find((format) => format === ending) ?? 'ascii';
}

function widthOf(option: string | undefined, format: Format): number {
  if (option === undefined) return DEFAULT_WIDTH;
  if (format === 'ascii')
    throw new UsageError('--width is for svg and html: plain text always has 72 columns');
  if (format === 'json') throw new UsageError('--width is for svg and html');
  const width = Number(option);
  if (Number.isInteger(width) && width >= LEAST_WIDTH && width <= MOST_WIDTH) return width;
  throw new UsageError(
    `--width is a number of pixels from ${LEAST_WIDTH} to ${MOST_WIDTH}, not \`${option}\``,
  );
}

/** @throws UsageError if the scenario has no such step. */
function stepFor(
  { file, analysis }: ScenarioFile,
  step: string | undefined,
  show: Figure['show'],
  title?: string,
): DrawnStep {
  const found = findStep(analysis.document, step);
  if ('problem' in found) throw new UsageError(`${file}: ${found.problem}`);
  programsOf(analysis, title);
  return drawStep(analysis, found.step, path.basename(file), show, { title });
}

/** What `--schedule` prints. @throws UsageError if there is no such schedule. */
function scheduleDrawing(
  { file, analysis }: ScenarioFile,
  { title, step, witness }: Readonly<Record<'title' | 'step' | 'witness', string | undefined>>,
  format: Format,
  width: number,
): string {
  if (format === 'html') throw new UsageError('--schedule is drawn as ascii, svg or json, not as html');
  const at = step === undefined ? null : findStep(analysis.document, step);
  if (at !== null && 'problem' in at) throw new UsageError(`${file}: ${at.problem}`);
  if (witness !== undefined && !/^[1-9]\d{0,8}$/.test(witness)) {
    throw new UsageError(`--witness is a number from 1, not \`${witness}\``);
  }
  programsOf(analysis, title);
  const order = witness === undefined ? null : Number(witness);
  const found = drawSchedule(analysis, path.basename(file), {
    title,
    step: at?.step ?? null,
    witness: order,
  });
  if ('problem' in found) throw new Error(`${file}: ${found.problem}`);
  const { schedule, scenario, line } = found;
  if (format === 'json') {
    const record: ScheduleRecord = {
      ...{ version: JSON_VERSION, file },
      ...(scenario === null ? {} : { scenario }),
      line,
      ...(found.order === null ? {} : { order: found.order }),
      schedule,
    };
    return `${jsonText(record)}\n`;
  }
  const problem = tooWide(schedule);
  if (problem !== null) throw new Error(`${file}: ${problem}`);
  return format === 'svg' ? sealed(scheduleSvg(schedule, { width })) : scheduleAscii(schedule);
}

/** @throws Error if the file is a drawing of ours that somebody has edited. */
function refuseEdited(output: string): void {
  if (!output.endsWith('.svg') || !existsSync(output) || !statSync(output).isFile()) return;
  // A file that cannot be read as text is none.
  if (!isEdited(textOrNothing(output))) return;
  throw new Error(
    `${output} was edited after gmemscope drew it, so it is not overwritten: remove it, or name another file`,
  );
}

function textOrNothing(file: string): string {
  try {
    return readTextNow(file);
  } catch {
    return '';
  }
}

/** Returns the exit status. */
export async function render(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('render', args, {
    step: { type: 'string' },
    schedule: { type: 'boolean' },
    witness: { type: 'string' },
    scenario: { type: 'string' },
    show: { type: 'string' },
    format: { type: 'string' },
    json: { type: 'boolean' },
    width: { type: 'string' },
    output: { type: 'string' },
    color: { type: 'string' },
  });
  const [file, another] = [firstOf(positionals), positionals[1]];
  if (another !== undefined) throw new UsageError('`render` takes only one file');
  const format = formatOf(values.format, values.output, values.json);
  const width = widthOf(values.width, format);
  const show = chosen('show', values.show ?? 'change', ['change', 'state']);
  if (values.schedule && values.show !== undefined) {
    throw new UsageError('--schedule and --show exclude each other');
  }
  if (!values.schedule && values.witness !== undefined) throw new UsageError('--witness needs --schedule');
  const paint = painterFor(process.stderr, values.color);
  let scenario: ScenarioFile;
  try {
    scenario = await readScenario(file);
  } catch (error) {
    printError(fileErrorText(file, error, paint));
    return FAILED;
  }
  const { diagnostics } = scenario.analysis;
  for (const diagnostic of capped(diagnostics)) printError(diagnosticText(scenario, diagnostic, paint));
  if (diagnostics.some(({ severity }) => severity === 'error')) return FAILED;
  const { step, scenario: title, witness } = values;
  const drawing = values.schedule
    ? scheduleDrawing(scenario, { title, step, witness }, format, width)
    : FORMATS[format](stepFor(scenario, step, show, title), { file: scenario.file, width });
  if (values.output === undefined) printText(drawing);
  else {
    refuseEdited(values.output);
    await saveOutput(values.output, drawing);
  }
  return OK;
}
