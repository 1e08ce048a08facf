/** Frames of requests, and their evaluation contexts. */
import type { EvaluationContext } from '../../expressions';
import { type Arguments, optionalCount } from '../arguments';
import { type Context, type KnownFrame, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { evaluationContextOf, globalContext, innermostContext } from '../evaluation-context';

/** The frame of an id; null if it is stale because the scenario has moved on. */
export function frameOf({ frames }: Context, frameId: number): KnownFrame | null {
  if (frames.isStale(frameId)) return null;
  const frame = frames.get(frameId);
  if (frame === undefined) throw new RequestError('The frame is unknown: it was never handed out.');
  return frame;
}

/** The evaluation context of the frame in a request; without a frame, it has no locals. */
export function evaluationContextFor(context: Context, args: Arguments): EvaluationContext {
  const scenario = scenarioOf(context);
  const frameId = optionalCount(args, 'frameId');
  const { current } = scenario.timeline;
  if (frameId === undefined) return globalContext(scenario, current);
  const frame = frameOf(context, frameId);
  // In the console, a stale frame means the current one.
  if (frame === null && args.context === 'repl') return innermostContext(scenario, current);
  if (frame === null) throw new RequestError('The scenario has moved on.', true);
  return evaluationContextOf(scenario, frame.moment, frame.level);
}
