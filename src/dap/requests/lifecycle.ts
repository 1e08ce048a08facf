/** Requests that start and end a session. */
import { must } from '../../simulator';
import { type Arguments, argumentsOf, optionalCount, optionalFlag, optionalText } from '../arguments';
import { hitAtStart } from '../breakpoints/interruptions';
import { CAPABILITIES } from '../capabilities';
import { clientOf } from '../client';
import { type Context, type Handler, type LaunchOptions, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { type DebuggedScenario, loadScenario } from '../scenario';
import { atStatement, toTheEnd } from '../stepping/goals';
import { sendOutcomes, stopAt } from '../stopping';
import { breakpointBody } from './breakpoints';
import { forwardSlice, startRun } from './running';

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
    if (context.phase === 'loading') context.phase = 'initialized';
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

/** The options of the launch, which came before. */
function optionsOf({ options }: Context): LaunchOptions {
  return must(options, 'launch');
}

/** Stops at the first statement, or runs. */
function begin(context: Context): void {
  const { stopOnEntry, stopAtLine, noDebug } = optionsOf(context);
  const scenario = scenarioOf(context);
  const wanted = stopAtLine === undefined || noDebug ? -1 : statementFrom(scenario, stopAtLine);
  if (wanted > 0) {
    sendOutcomes(context);
    startRun(context, forwardSlice(context, atStatement(wanted)), false);
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

export const restart: Handler = async (context, args) => {
  const given = argumentsOf(args.arguments);
  const options = typeof given.program === 'string' ? launchOptions(given) : optionsOf(context);
  const scenario = await load(context, options);
  if (context.phase === 'ended') throw new RequestError('The session has ended.');
  return {
    after: () => {
      if (context.phase === 'ended') return;
      context.runner.cancel();
      use(context, scenario, options);
      begin(context);
    },
  };
};

export const disconnect: Handler = (context) => {
  context.runner.cancel();
  context.phase = 'ended';
  context.awaited?.(null);
  context.awaited = null;
  return {};
};
