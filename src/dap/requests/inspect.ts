/** Requests that inspect the stopped scenario. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { hasReturned, isEnd, nextMoment } from '../../simulator';
import { type Arguments, count, isRecord, optionalCount, optionalText } from '../arguments';
import { type Context, type Handler, type KnownFrame, type StepInTarget, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { evaluationContextOf } from '../evaluation-context';
import { LISTING_TYPE, listingText, PROCEDURE_NAMES, procedureOf } from '../listings';
import { framesOf } from '../moment';
import { statusText, tasksAt } from '../race/status';
import { type DebuggedScenario, labelOf } from '../scenario';
import { listingSource, scenarioSource } from '../sources';
import { stackAt } from '../stack';
import { askedThread, threadsAt } from '../threads';
import { scopesAt } from '../variables/scopes';
import { scopeOf, variablesOf } from '../variables/view';
import { frameOf } from './frames';

export const threads: Handler = ({ scenario, phase }) => {
  const running = scenario !== null && phase !== 'ended';
  return { body: { threads: running ? threadsAt(scenario) : [] } };
};

export const stackTrace: Handler = (context, args) => {
  const scenario = scenarioOf(context);
  const thread = askedThread(scenario, args);
  const start = optionalCount(args, 'startFrame') ?? 0;
  const levels = optionalCount(args, 'levels') ?? 0;
  const { current } = scenario.timeline;
  const stack = stackAt(scenario, context.client, thread);
  const end = levels === 0 ? stack.length : start + levels;
  const lineOf = context.edits.linesFor(context.client, scenario);
  const stackFrames = stack.slice(start, end).map(({ depth, level, ...frame }): DebugProtocol.StackFrame => {
    const moment = thread.kind === 'scenario' ? current : level.moment;
    const id = context.frames.add({ depth, level, moment });
    if (level.frame !== null) return { id, ...frame };
    const { location } = labelOf(scenario, level.statement);
    return { id, ...frame, line: lineOf(location.line) };
  });
  return { body: { stackFrames, totalFrames: stack.length } };
};

/** Steps back are relative to the selected entry; for another call's entry, relative to the current moment. */
function focusOn(context: Context, { depth, moment }: KnownFrame): void {
  context.focus = moment === scenarioOf(context).timeline.current ? depth : null;
}

/** The client requests the scopes of the selected frame. */
export const scopes: Handler = (context, args) => {
  const frame = frameOf(context, count(args, 'frameId'));
  if (frame === null) return { body: { scopes: [] } };
  focusOn(context, frame);
  const evaluation = evaluationContextOf(scenarioOf(context), frame.moment, frame.level);
  const nodes = scopesAt(frame.level, evaluation);
  return { body: { scopes: nodes.map((node) => scopeOf(context.children, node, evaluation)) } };
};

/** `gmemscope/focus`: sets the selected frame. A stale frame is ignored. */
export const focus: Handler = (context, args) => {
  const frame = context.frames.get(count(args, 'frameId'));
  if (frame !== undefined) focusOn(context, frame);
  return {};
};

export const variables: Handler = (context, args) => {
  const reference = count(args, 'variablesReference');
  if (context.children.isStale(reference)) return { body: { variables: [] } };
  const children = context.children.get(reference);
  if (children === undefined) {
    throw new RequestError('The variables reference is unknown: it was never handed out.');
  }
  const filter = optionalText(args, 'filter');
  if (filter !== undefined && filter !== 'indexed' && filter !== 'named') {
    throw new RequestError(`The filter ${filter} is neither indexed nor named.`);
  }
  const start = optionalCount(args, 'start') ?? 0;
  const part = { filter, start, count: optionalCount(args, 'count') ?? 0 } as const;
  return { body: { variables: variablesOf(context.children, children, part) } };
};

function sourceReference(args: Arguments): number {
  const nested = isRecord(args.source) ? optionalCount(args.source, 'sourceReference') : undefined;
  return nested ?? count(args, 'sourceReference');
}

export const source: Handler = (context, args) => {
  const reference = sourceReference(args);
  const procedure = procedureOf(reference);
  if (procedure === undefined) throw new RequestError(`There is no source with the reference ${reference}.`);
  const { lines } = listingText(scenarioOf(context).program.setup, procedure);
  return { body: { content: lines.join('\n'), mimeType: LISTING_TYPE } };
};

export const loadedSources: Handler = (context) => {
  const scenario = scenarioOf(context);
  const { setup } = scenario.program;
  const listings = PROCEDURE_NAMES.map((name) => listingSource(setup, name));
  return { body: { sources: [scenarioSource(scenario), ...listings] } };
};

function exceptionOf({ stop }: Context): DebugProtocol.ExceptionInfoResponse['body'] | null {
  if (stop?.kind === 'exception') {
    const { filter, what, message } = stop.exceptional;
    return { exceptionId: what, description: message, breakMode: 'always', details: { typeName: filter } };
  }
  if (stop?.kind === 'failure') {
    return { exceptionId: 'simulator', description: stop.message, breakMode: 'always' };
  }
  return null;
}

export const exceptionInfo: Handler = (context) => {
  const body = exceptionOf(context);
  if (body === null) throw new RequestError('The scenario did not stop at an exception.');
  return { body };
};

/** The step-in targets: in a race, each task that can run; then the procedures that the statement enters from here on. */
export const stepInTargets: Handler = (context, args) => {
  const frame = frameOf(context, count(args, 'frameId'));
  if (frame === null) return { body: { targets: [] } };
  const scenario = scenarioOf(context);
  const { current } = scenario.timeline;
  const isCurrent = frame.moment === current;
  const offered: readonly (readonly [string, StepInTarget])[] = [
    ...tasksAt(scenario, current)
      .filter(({ wait }) => wait === null)
      .map((status) => [statusText(scenario, status), { kind: 'task', task: status.task }] as const),
    ...(isCurrent ? proceduresAhead(scenario) : []).map(
      (procedure) => [procedure, { kind: 'procedure', procedure }] as const,
    ),
  ];
  const targets = offered.map(([label, target]) => ({ id: context.stepInTargets.add(target), label }));
  return { body: { targets } };
};

/** Maximum number of steps to look ahead. */
const AHEAD = 5000;

function proceduresAhead({ program, timeline }: DebuggedScenario): readonly string[] {
  const names = new Set<string>();
  let moment = timeline.current;
  const { statement } = moment;
  for (let ticks = 0; ticks < AHEAD && !isEnd(program.statements, moment); ticks++) {
    try {
      moment = nextMoment(program.statements, moment);
    } catch {
      // The simulator fails there: offer what was reached before.
      break;
    }
    if (moment.statement !== statement || hasReturned(moment)) break;
    const frame = framesOf(moment).at(-1);
    if (frame?.step === 0) names.add(frame.procedure);
  }
  return [...names];
}
