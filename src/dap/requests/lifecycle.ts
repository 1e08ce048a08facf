/** Requests that start and end a session. */
import { must } from '../../simulator';
import { type Arguments, argumentsOf, optionalCount, optionalFlag, optionalText } from '../arguments';
import { trunkOf } from '../branch';
import { hitAtStart } from '../breakpoints/interruptions';
import { CAPABILITIES } from '../capabilities';
import { clientOf } from '../client';
import { type Context, type Handler, type LaunchOptions, type Reply, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { type DebuggedScenario, labelAt, loadScenario } from '../scenario';
import { atStatement, toTheEnd } from '../stepping/goals';
import { runForward } from '../stepping/slices';
import { printProblem, sendOutcomes, stopAt } from '../stopping';
import { breakpointBody } from './breakpoints';
import { forwardSlice, jumping, QUIET, startRun } from './running';

export const initialize: Handler = (context, args) => {
  const pathFormat = optionalText(args, 'pathFormat') ?? 'path';
  if (pathFormat !== 'path' && pathFormat !== 'uri') {
    throw new RequestError(`Paths in the format ${pathFormat} are not understood.`);
  }
  context.client = clientOf(args);
  context.phase = 'initialized';
  return { body: CAPABILITIES };
};

function launchOptions(args: Arguments): LaunchOptions {
  const program = optionalText(args, 'program') ?? '';
  if (program === '')
    throw new RequestError('The argument program is missing: expected the path of a .gmem file.');
  const scenario = optionalText(args, 'scenario');
  const stopAtLine = optionalCount(args, 'stopAtLine');
  return {
    program,
    ...(scenario === undefined || scenario === '' ? {} : { scenario }),
    stopOnEntry: optionalFlag(args, 'stopOnEntry') ?? true,
    ...(stopAtLine === undefined ? {} : { stopAtLine }),
    passBreakpoints: optionalFlag(args, 'passBreakpoints') ?? false,
    noDebug: optionalFlag(args, 'noDebug') ?? false,
  };
}

async function load({ host }: Context, { program, scenario }: LaunchOptions): Promise<DebuggedScenario> {
  let text: string;
  try {
    text = await host.readFile(program);
  } catch (error) {
    throw new RequestError(`Cannot read ${program}: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof text !== 'string') throw new RequestError(`Cannot read ${program}: it is not a string.`);
  return loadScenario(program, text, scenario);
}

/** Debugs a scenario from its start. */
function use(context: Context, scenario: DebuggedScenario, options: LaunchOptions): void {
  context.scenario = scenario;
  context.host.onRun?.(scenario.text);
  context.run++;
  context.options = options;
  context.shown = [];
  context.awaited?.(null);
  context.awaited = null;
  context.told.clear();
  context.hitCounts.reset();
  context.frames.clear();
  context.children.clear();
  for (const [source, locate] of context.locators) {
    for (const breakpoint of context.breakpoints.relocate(source, locate(scenario))) {
      const body = { reason: 'changed', breakpoint: breakpointBody(context, breakpoint) };
      context.sendEvent('breakpoint', body);
    }
  }
}

export const launch: Handler = async (context, args) => {
  const options = launchOptions(args);
  context.phase = 'loading';
  try {
    const scenario = await load(context, options);
    // The client may have disconnected meanwhile.
    if (context.phase !== 'loading') throw new RequestError('The session has ended.');
    context.phase = 'loaded';
    use(context, scenario, options);
    return { after: () => context.sendEvent('initialized') };
  } catch (error) {
    if (context.phase === 'loading') {
      context.phase = 'initialized';
      printProblem(context, 'stderr', options, error);
    }
    throw error;
  }
};

export const attach: Handler = () => {
  throw new RequestError('attach is not supported: a scenario is run by a launch request.');
};

/** Index of the first statement that begins on or below a line (from 1); -1 if there is none. */
function statementFrom({ program }: DebuggedScenario, line: number): number {
  return program.statements.findIndex((statement) => statement.line >= line);
}

/** Runs to a statement, which is not the first one. */
function beginAt(context: Context, statement: number, passBreakpoints: boolean): void {
  const goal = atStatement(statement);
  sendOutcomes(context);
  const slice = passBreakpoints
    ? jumping(runForward(scenarioOf(context).timeline, goal, QUIET))
    : forwardSlice(context, goal);
  startRun(context, slice, false);
}

/** Stops at the first statement, or runs. */
function begin(context: Context): void {
  const { stopOnEntry, stopAtLine, passBreakpoints, noDebug } = must(context.options, 'launch');
  const scenario = must(context.scenario, 'scenario');
  const wanted = stopAtLine === undefined || noDebug ? -1 : statementFrom(scenario, stopAtLine);
  if (wanted > 0) {
    beginAt(context, wanted, passBreakpoints);
    return;
  }
  if ((stopOnEntry || wanted === 0) && !noDebug) {
    stopAt(context, { kind: 'entry' });
    return;
  }
  const hit = noDebug ? null : hitAtStart(context, scenario);
  if (hit !== null) {
    stopAt(context, hit);
    return;
  }
  sendOutcomes(context);
  startRun(context, forwardSlice(context, toTheEnd()), true);
}

export const configurationDone: Handler = (context) => ({ after: () => begin(context) });

/**
 * Runs the scenario again. A client ends a session whose restart fails, and its views are lost. So if the text cannot run,
 * the request succeeds, the error is printed, and the session stays where it is.
 * @param start Starts the run once the scenario is loaded.
 */
async function runAnew(
  context: Context,
  options: () => LaunchOptions,
  start: (before: DebuggedScenario) => void,
): Promise<Reply> {
  let loaded: readonly [DebuggedScenario, LaunchOptions];
  try {
    const chosen = options();
    loaded = [await load(context, chosen), chosen];
  } catch (error) {
    return { after: () => printProblem(context, 'important', context.options, error) };
  }
  return {
    after: () => {
      if (context.phase === 'ended') return;
      const before = trunkOf(scenarioOf(context));
      context.runner.cancel();
      use(context, ...loaded);
      // Before the client is configured, it starts the run itself.
      if (context.phase !== 'loaded') start(before);
    },
  };
}

export const restart: Handler = (context, args) => {
  const chosen = () => {
    const given = argumentsOf(args.arguments);
    return typeof given.program === 'string' ? launchOptions(given) : must(context.options, 'launch');
  };
  return runAnew(context, chosen, () => begin(context));
};

/** The statement of a scenario that corresponds to the one at which a run of an earlier text was. */
function statementAfterEdit({ edits }: Context, before: DebuggedScenario, now: DebuggedScenario): number {
  const { line } = labelAt(before, before.timeline.current.statement).location;
  const statement = statementFrom(now, edits.lineOrBelow(before.text, now.text, line));
  return statement < 0 ? now.program.statements.length - 1 : statement;
}

/** `gmemscope/restartHere`: restarts, and runs to the statement at which the session is, past all breakpoints. */
export const restartHere: Handler = (context) =>
  runAnew(
    context,
    () => must(context.options, 'launch'),
    (before) => {
      const statement = statementAfterEdit(context, before, scenarioOf(context));
      if (statement > 0) beginAt(context, statement, true);
      else stopAt(context, { kind: 'entry' });
    },
  );

export const disconnect: Handler = (context) => {
  context.runner.cancel();
  context.phase = 'ended';
  context.awaited?.(null);
  context.awaited = null;
  return {};
};
