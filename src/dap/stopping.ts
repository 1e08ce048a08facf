/** What the client receives when the scenario stops or ends. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { elementAt, firstOf, suspendedAt } from '../simulator';
import { stepLocation } from './breakpoints/locate';
import { lineFor } from './client';
import { type Context, type LaunchOptions, scenarioOf } from './context';
import { RequestError } from './errors';
import { MOST_BYTES } from './memory/read';
import { framesOf } from './moment';
import { OUTCOMES_EVENT, type OutcomesBody, outcomesAt, outcomesChange } from './outcomes';
import { endlessAt } from './race/endless';
import { tasksAt } from './race/status';
import { type DebuggedScenario, labelAt } from './scenario';
import { baseName, uriOf } from './source-path';
import { listingSource, scenarioSource } from './sources';
import type { DataHit, RuleProblem, Stop } from './stops';
import { threadAtStop } from './threads';

type StoppedBody = DebugProtocol.StoppedEvent['body'];
type Reason = Pick<StoppedBody, 'reason' | 'description' | 'text' | 'hitBreakpointIds'>;

/** `zapped 4K gfn 0x90000..0x90002, was rwxad`. */
function changesText({ changes }: DataHit): string {
  return [...new Set(changes.map(({ text }) => text))].join('; ');
}

/** What happened, in which step and statement. */
export function dataText(scenario: DebuggedScenario, hit: DataHit): string {
  const { event } = firstOf(hit.changes);
  const { name, location, typed } = labelAt(scenario, hit.from.statement);
  const where = `${typed === null ? '' : 'typed at '}line ${location.line}`;
  return `${changesText(hit)}: by ${event.procedure}, ${event.label}, in \`${name}\` (${where})`;
}

/** Which call of a race never ends, where a run ends because of it; null if there is none. */
function endlessText(scenario: DebuggedScenario): string | null {
  const { race, timeline } = scenario;
  const { current, isSteered } = timeline;
  const endless = race === null || !isSteered ? undefined : endlessAt(race, current);
  if (endless === undefined) return null;
  const own = race?.taskOf.get(endless.scheduled);
  const canStep = tasksAt(scenario, current).some(({ task, wait }) => task !== own && wait === null);
  const others = canStep ? 'unless another task steps' : 'and no other task can step';
  return `${endless.scheduled.course.title} never ends, ${others}`;
}

/**
 * Where a run ends: at the end of the scenario, or where the tasks of a race wait for each other, or where one of them
 * retries forever.
 */
function endText(scenario: DebuggedScenario): string {
  const { race, timeline } = scenario;
  const isStuck = suspendedAt(timeline.current).some(({ scheduled }) => race?.taskOf.has(scheduled) === true);
  if (!isStuck || !timeline.isSteered) return 'At the end of the scenario';
  return `At the end: ${endlessText(scenario) ?? 'the tasks of the race wait for each other'}`;
}

function reasonOf(scenario: DebuggedScenario, stop: Stop): Reason {
  switch (stop.kind) {
    case 'step':
    case 'pause':
    case 'entry':
    case 'goto':
      return { reason: stop.kind };
    case 'start':
      return { reason: 'step', description: 'At the start of the scenario' };
    case 'end':
      return { reason: 'step', description: endText(scenario) };
    case 'left': {
      const to = scenario.branch === null ? 'in the scenario' : 'where the branch starts';
      return { reason: 'goto', description: `Back ${to}` };
    }
    case 'nowhere':
      return { reason: 'goto', description: 'Not found', text: stop.message };
    case 'breakpoint': {
      const hitBreakpointIds = [...stop.ids];
      const [problem] = stop.problems;
      const text = problem === undefined ? {} : { text: problem.text };
      if (stop.data === null) return { reason: 'breakpoint', hitBreakpointIds, ...text };
      const description = `${stop.data.target}: ${changesText(stop.data)}`;
      const did = dataText(scenario, stop.data);
      return { reason: 'data breakpoint', hitBreakpointIds, description, text: did, ...text };
    }
    case 'exception':
      return {
        reason: 'exception',
        description: `Stopped at ${stop.exceptional.what}`,
        text: stop.exceptional.message,
        ...(stop.ids.length === 0 ? {} : { hitBreakpointIds: [...stop.ids] }),
      };
    case 'failure':
      return { reason: 'exception', description: 'The simulator failed', text: stop.message };
  }
}

/** Prints a text with the location of the next step. */
function printHere(context: Context, category: 'console' | 'important' | 'stderr', output: string): void {
  const scenario = scenarioOf(context);
  const moment = scenario.timeline.current;
  const frame = framesOf(moment).at(-1);
  const { setup } = scenario.program;
  const { client } = context;
  const [source, line] =
    frame === undefined
      ? [scenarioSource(scenario), labelAt(scenario, moment.statement).location.line]
      : [listingSource(setup, frame.procedure), stepLocation(setup, frame.procedure, frame.step).line];
  context.sendEvent('output', {
    category,
    output: `${output}\n`,
    source,
    line: frame === undefined ? context.edits.lineFor(client, scenario, line) : lineFor(client, line),
  });
}

/** Prints why a scenario cannot be loaded, with the line of the error. */
export function printProblem(
  context: Context,
  category: 'important' | 'stderr',
  options: LaunchOptions | null,
  error: unknown,
): void {
  const text = error instanceof Error ? error.message : String(error);
  const path = options?.program ?? '';
  const line = error instanceof RequestError ? error.line : null;
  const where =
    line === null || path === ''
      ? {}
      : { source: { name: baseName(path), path }, line: lineFor(context.client, line) };
  // A notification shows only the beginning.
  const short = text.replace(/^The scenario cannot run: /, '');
  const output = category === 'important' ? `Cannot restart: ${short} The session stays where it is.` : text;
  context.sendEvent('output', { category, output: `${output}\n`, ...where });
}

/** Prints one line for each statement that returned for the first time. */
export function printOutcomes(context: Context): void {
  const scenario = scenarioOf(context);
  const lineOf = context.edits.linesFor(context.client, scenario);
  for (const at of scenario.timeline.news()) {
    const { text, failed } = elementAt(scenario.timeline.outcomes, at);
    const { name, location, typed } = labelAt(scenario, at);
    // The console shows it as the answer to the input.
    if (typed !== null && context.awaited !== null) continue;
    const branch = scenario.branch === null ? '' : typed === null ? 'on a branch: ' : 'what if: ';
    context.sendEvent('output', {
      category: failed ? 'stderr' : 'stdout',
      output: `${branch}${name}: ${text}\n`,
      source: scenarioSource(scenario),
      line: lineOf(location.line),
    });
  }
}

/** Prints the message of a logpoint, after the lines of earlier statements. */
export function printLog(context: Context, text: string): void {
  printOutcomes(context);
  printHere(context, 'console', text);
}

/** Sends the inline text of the editor lines. */
export function sendOutcomes(context: Context): void {
  const scenario = scenarioOf(context);
  const outcomes = outcomesAt(scenario, scenario.timeline.current);
  const change = outcomesChange(context.shown, outcomes);
  context.shown = outcomes;
  const branch = scenario.branch !== null;
  const race = tasksAt(scenario, scenario.timeline.current).length > 0 ? { race: true } : {};
  const body: OutcomesBody = { uri: uriOf(scenario.path), run: context.run, branch, ...race, ...change };
  context.sendEvent(OUTCOMES_EVENT, body);
}

/** Ends the session; the outcomes stay in the editor. */
function endSession(context: Context): void {
  context.phase = 'ended';
  context.stop = null;
  context.sendEvent('terminated');
  context.sendEvent('exited', { exitCode: 0 });
}

/** Reports once per breakpoint that its condition cannot be evaluated, in the console. */
function tellProblems(context: Context, problems: readonly RuleProblem[]): void {
  for (const { of, text } of problems) {
    if (context.told.has(of)) continue;
    context.told.add(of);
    printHere(context, 'important', text);
  }
}

/** An additional console line for a stop; null if there is none. */
export function stopText(scenario: DebuggedScenario, stop: Stop): string | null {
  switch (stop.kind) {
    case 'breakpoint':
      return stop.data && `${stop.data.target}: ${dataText(scenario, stop.data)}`;
    case 'nowhere':
      return stop.message;
    case 'end':
      return endlessText(scenario);
    default:
      return null;
  }
}

/** Reports the stop; a client that shows memory then reads it again. */
function tellStop(context: Context, body: StoppedBody): void {
  context.sendEvent('stopped', body);
  if (!context.client.watchesMemory) return;
  for (const memoryReference of context.memoryRead) {
    context.sendEvent('memory', { memoryReference, offset: 0, count: MOST_BYTES });
  }
}

/** Handles the stop of a run. */
export function stopAt(context: Context, stop: Stop): void {
  const scenario = scenarioOf(context);
  printOutcomes(context);
  sendOutcomes(context);
  const { awaited } = context;
  context.awaited = null;
  if (stop.kind === 'end' && context.endsAtEnd && scenario.branch === null) {
    awaited?.(null);
    const why = stopText(scenario, stop);
    if (why !== null) printHere(context, 'console', why);
    endSession(context);
    return;
  }
  context.phase = 'stopped';
  context.stop = stop;
  const reason = onBranch(scenario, reasonOf(scenario, stop));
  const body: StoppedBody = {
    ...reason,
    threadId: threadAtStop(scenario, context.stepped),
    allThreadsStopped: true,
  };
  if (stop.kind === 'breakpoint' || stop.kind === 'exception') tellProblems(context, stop.problems);
  if (awaited === null) {
    const text = stopText(scenario, stop);
    if (text !== null) printHere(context, 'console', text);
    tellStop(context, body);
    return;
  }
  // The console keeps the keyboard focus: the next key must not go to the editor.
  awaited({ stop, tell: () => tellStop(context, { ...body, preserveFocusHint: true }) });
}

/** On a branch, the description of every stop says so. */
function onBranch({ branch }: DebuggedScenario, reason: Reason): Reason {
  if (branch === null) return reason;
  return { ...reason, description: `What if: ${reason.description ?? reason.reason}` };
}
