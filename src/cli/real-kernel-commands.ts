/** `gmemscope verify` and `gmemscope record`: scenarios on a real kernel, in QEMU. */
import type { RealKernel } from '../../kernel/catalogue';
import type { Unencodable } from '../../kernel/encode';
import { capped } from '../language';
import { compareRecording, hasRace, mismatchText, type Recording } from '../outcome';
import { parseCommandLine } from './command-line';
import { FAILED, OK, UsageError } from './exit';
import { untilSignal } from './interrupt';
import { printError, printLine } from './output';
import { agrees, raceText, verifyRace } from './race-verification';
import { programOn, realKernel, recordOn, type SingleScenario, singleScenarios } from './recordings';
import { saveOutput } from './save';
import { diagnosticText, fileErrorText, readScenario } from './scenario-file';
import { type Painter, painterFor } from './style';
import { visible } from './visible';

/** Shows progress on one line of a terminal, elsewhere on separate lines. */
function progressOn(stream: NodeJS.WriteStream, paint: Painter): { say(text: string): void; end(): void } {
  if (!stream.isTTY) return { say: (text) => void stream.write(`${visible(text)}\n`), end: () => {} };
  const clear = '\r\u001b[K';
  return {
    say: (text) => void stream.write(clear + paint('quiet', text.slice(0, (stream.columns ?? 80) - 1))),
    end: () => void stream.write(clear),
  };
}

interface Readable {
  /** Those that a real kernel can run. */
  readonly scenarios: readonly SingleScenario[];
  /** OK, or FAILED if there are others. */
  readonly status: number;
}

/** Says which statements a real kernel cannot run, and what to do about them. */
function refusalText(
  { file, name }: SingleScenario,
  unencodable: readonly Unencodable[],
  paint: Painter,
): string {
  const lines = unencodable.map(
    ({ statement, why }) => `${file}:${statement.line}: ${paint('error', 'error:')} ${why}`,
  );
  const words = unencodable.every(({ statement }) => statement.race !== 'in')
    ? 'suspend the calls at other steps'
    : 'remove the `race`';
  const advice = `${words}, or run it with \`gmemscope run\` or \`gmemscope test\``;
  return [...lines, `${name} is not run on a real kernel: ${advice}`].join('\n');
}

/** Reads the scenarios of all files; null if one has errors, which are printed, as are those that are refused. */
async function readAll(
  files: readonly string[],
  paint: Painter,
  kernel: string | undefined,
  refusalsOf: (scenario: SingleScenario) => readonly Unencodable[],
): Promise<Readable | null> {
  const scenarios: SingleScenario[] = [];
  let wrong = false;
  for (const file of files) {
    try {
      const scenario = await readScenario(file);
      scenarios.push(...singleScenarios(scenario, kernel));
      const errors = scenario.analysis.diagnostics.filter(({ severity }) => severity === 'error');
      for (const diagnostic of capped(errors)) {
        printError(diagnosticText(scenario, diagnostic, paint));
        wrong = true;
      }
    } catch (error) {
      printError(fileErrorText(file, error, paint));
      wrong = true;
    }
  }
  if (wrong) return null;
  const refused = scenarios.filter((scenario) => refusalsOf(scenario).length > 0);
  for (const scenario of refused) printError(refusalText(scenario, refusalsOf(scenario), paint));
  return {
    scenarios: scenarios.filter((scenario) => refusalsOf(scenario).length === 0),
    status: refused.length === 0 ? OK : FAILED,
  };
}

/** The kernel from the command line, or the scenario's own. */
function byKernel(
  scenarios: readonly SingleScenario[],
  asked: string | undefined,
): ReadonlyMap<RealKernel, readonly SingleScenario[]> {
  const groups = new Map<RealKernel, SingleScenario[]>();
  for (const scenario of scenarios) {
    const { kernel, knobs } = scenario.setup;
    const [knob] = Object.keys(knobs);
    if (knob !== undefined && asked === undefined) {
      throw new UsageError(
        `${scenario.file} sets \`${knob}\`, which no real kernel has: pass --kernel to run without it`,
      );
    }
    const real = realKernel(asked ?? kernel);
    groups.set(real, [...(groups.get(real) ?? []), scenario]);
  }
  return groups;
}

async function recordAll(
  groups: ReadonlyMap<RealKernel, readonly SingleScenario[]>,
  paint: Painter,
): Promise<readonly Recording[]> {
  const progress = progressOn(process.stderr, paint);
  try {
    const recordings: Recording[] = [];
    const skipped: string[] = [];
    const options = {
      onProgress: progress.say,
      onSkipped: (name: string, line: number, why: string) => {
        skipped.push(`${name}:${line}: skipped, ${why}`);
      },
    };
    await untilSignal(async (signal) => {
      for (const [kernel, scenarios] of groups) {
        recordings.push(...(await recordOn(kernel, scenarios, { ...options, signal })));
      }
    });
    progress.end();
    for (const text of skipped) printError(text);
    return recordings;
  } finally {
    progress.end();
  }
}

type Groups = ReadonlyMap<RealKernel, readonly SingleScenario[]>;

/** The scenarios that `meant` accepts. */
function only(groups: Groups, meant: (scenario: SingleScenario) => boolean): Groups {
  return new Map(
    [...groups].flatMap(([kernel, scenarios]) => {
      const own = scenarios.filter(meant);
      return own.length === 0 ? [] : [[kernel, own] as const];
    }),
  );
}

/** Runs races in many orders. Returns whether the exploration of each found everything that the kernel did. */
async function verifyRaces(groups: Groups, paint: Painter): Promise<boolean> {
  const progress = progressOn(process.stderr, paint);
  let agreed = true;
  for (const [kernel, scenarios] of groups) {
    for (const scenario of scenarios) {
      const program = programOn(kernel, scenario);
      if (!hasRace(program)) continue;
      const { name } = scenario;
      const options = { onProgress: progress.say, onSkipped: () => {} };
      const race = await untilSignal((signal) =>
        verifyRace(kernel, { name, program }, { ...options, signal }),
      );
      progress.end();
      printLine(paint(agrees(race) ? 'quiet' : 'failed', raceText(race, kernel)));
      agreed &&= agrees(race);
    }
  }
  return agreed;
}

/** Why a difference may be no fault of the simulator: the kernel does not permit the order. */
function earlyTexts({ name, kernel, expected }: Recording): readonly string[] {
  return expected
    .filter(({ early }) => early === true)
    .map(
      ({ line }) =>
        `${name}:${line}: the locks of ${kernel} do not permit this order: the call waited for a lock, and had it as soon as it was free`,
    );
}

const OPTIONS = { kernel: { type: 'string' }, color: { type: 'string' } } as const;

/** `gmemscope verify`. Returns the exit status: 1 if the simulator differs, or a scenario is refused. */
export async function verify(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('verify', args, OPTIONS);
  const paint = painterFor(process.stdout, values.color);
  const readable = await readAll(
    positionals,
    painterFor(process.stderr, values.color),
    values.kernel,
    ({ unencodable }) => unencodable,
  );
  if (readable === null || readable.scenarios.length === 0) return FAILED;
  const { scenarios, status } = readable;
  const groups = byKernel(scenarios, values.kernel);
  const recordings = await recordAll(
    only(groups, ({ unordered }) => unordered.length === 0),
    paint,
  );
  const agreed = await verifyRaces(
    only(groups, ({ unordered }) => unordered.length > 0),
    paint,
  );
  let differ = 0;
  let impossible = 0;
  for (const recording of recordings) {
    const { mismatches, statements, error } = compareRecording(recording);
    const [first] = mismatches;
    if (error !== null) {
      differ++;
      printLine(paint('failed', `${recording.name} cannot be run by the simulator: ${error}`));
    } else if (first === undefined) {
      printLine(
        `${recording.name}: ${recording.kernel} and the simulator agree on ${statements.length} statements`,
      );
    } else {
      const early = earlyTexts(recording);
      if (early.length > 0) impossible++;
      else differ++;
      printLine(paint('failed', mismatchText(recording, first)));
      for (const text of early) printLine(text);
    }
  }
  if (recordings.length > 1) {
    const counts = [`${recordings.length - differ - impossible} agree`, `${differ} differ`];
    if (impossible > 0) counts.push(`${impossible} not possible on the kernel`);
    printLine(counts.join(', '));
  }
  return agreed && differ + impossible === 0 ? status : FAILED;
}

/** `gmemscope record`. Writes one recording per line. Returns the exit status: 1 if a scenario is refused. */
export async function record(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine('record', args, {
    ...OPTIONS,
    output: { type: 'string' },
  });
  const paint = painterFor(process.stderr, values.color);
  const readable = await readAll(positionals, paint, values.kernel, ({ unencodable, unordered }) => [
    ...unordered,
    ...unencodable,
  ]);
  // A recording of nothing would replace an earlier one.
  if (readable === null || readable.scenarios.length === 0) return FAILED;
  const { scenarios, status } = readable;
  const recordings = await recordAll(byKernel(scenarios, values.kernel), paint);
  const lines = recordings.map((recording) => `${JSON.stringify(recording)}\n`).join('');
  if (values.output === undefined) process.stdout.write(lines);
  else await saveOutput(values.output, lines);
  return status;
}
