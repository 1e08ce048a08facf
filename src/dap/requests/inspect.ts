/** Requests that look at the scenario where it stands. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { type Arguments, count, isRecord, optionalCount, optionalText } from '../arguments';
import { type Context, type Handler, scenarioOf, THREAD } from '../context';
import { RequestError } from '../errors';
import { LISTING_TYPE, listingText, PROCEDURE_NAMES, procedureOf } from '../listings';
import { listingSource, scenarioSource } from '../sources';
import { stackAt } from '../stack';
import { scopesAt } from '../variables/scopes';
import { scopeOf, variablesOf } from '../variables/view';

export const threads: Handler = ({ scenario, phase }) => {
  const running = scenario !== null && phase !== 'ended';
  return { body: { threads: running ? [{ id: THREAD, name: 'scenario' }] : [] } };
};

export const stackTrace: Handler = (context, args) => {
  const thread = count(args, 'threadId');
  if (thread !== THREAD) throw new RequestError(`There is no thread ${thread}.`);
  const start = optionalCount(args, 'startFrame') ?? 0;
  const levels = optionalCount(args, 'levels') ?? 0;
  const stack = stackAt(scenarioOf(context), context.client);
  const end = levels === 0 ? stack.length : start + levels;
  const stackFrames = stack.slice(start, end).map(({ depth, ...frame }): DebugProtocol.StackFrame => {
    return { id: context.frames.add(depth), ...frame };
  });
  return { body: { stackFrames, totalFrames: stack.length } };
};

export const scopes: Handler = (context, args) => {
  const frame = count(args, 'frameId');
  if (context.frames.isStale(frame)) return { body: { scopes: [] } };
  const depth = context.frames.get(frame);
  if (depth === undefined) throw unknown('frame');
  const { program, timeline } = scenarioOf(context);
  const nodes = scopesAt(program, timeline.current, depth);
  return { body: { scopes: nodes.map((node) => scopeOf(context.children, node)) } };
};

export const variables: Handler = (context, args) => {
  const reference = count(args, 'variablesReference');
  if (context.children.isStale(reference)) return { body: { variables: [] } };
  const children = context.children.get(reference);
  if (children === undefined) throw unknown('variables reference');
  const filter = optionalText(args, 'filter');
  if (filter !== undefined && filter !== 'indexed' && filter !== 'named') {
    throw new RequestError(`The filter ${filter} is neither indexed nor named.`);
  }
  const start = optionalCount(args, 'start') ?? 0;
  const part = { filter, start, count: optionalCount(args, 'count') ?? 0 } as const;
  return { body: { variables: variablesOf(context.children, children, part) } };
};

function unknown(what: string): RequestError {
  return new RequestError(`The ${what} is unknown: it was never handed out.`);
}

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

export const evaluate: Handler = () => {
  throw new RequestError('Expressions are not evaluated: the variables view shows all there is.');
};
