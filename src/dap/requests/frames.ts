/** Frames of requests, and what expressions see from them. */
import type { EvaluationContext } from '../../expressions';
import { type Arguments, optionalCount } from '../arguments';
import { type Context, type KnownFrame, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { evaluationContextOf, globalContext, innermostContext } from '../evaluation-context';

/** The frame of a number; null where the client is late: the scenario has moved on. */
export function frameOf({ frames }: Context, frameId: number): KnownFrame | null {
  if (frames.isStale(frameId)) return null;
  const frame = frames.get(frameId);
  if (frame === undefined) throw new RequestError('The frame is unknown: it was never handed out.');
  return frame;
}

/** What an expression sees from the frame that a request names; without one, it sees no locals. */
export function evaluationContextFor(context: Context, args: Arguments): EvaluationContext {
  const scenario = scenarioOf(context);
  const frameId = optionalCount(args, 'frameId');
  const { current } = scenario.timeline;
  if (frameId === undefined) return globalContext(scenario, current);
  const frame = frameOf(context, frameId);
  // Whoever types means what is there now, also where the client is late.
  if (frame === null && args.context === 'repl') return innermostContext(scenario, current);
  if (frame === null) throw new RequestError('The scenario has moved on.', true);
  return evaluationContextOf(scenario, frame.moment, frame.level);
}
