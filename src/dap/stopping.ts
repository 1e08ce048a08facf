/** What the client hears when the scenario stops or ends. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { lineFor } from './client';
import { type Context, scenarioOf, THREAD } from './context';
import { OUTCOMES_EVENT, type OutcomesBody, outcomesAt, outcomesChange } from './outcomes';
import { uriOf } from './source-path';
import { scenarioSource } from './sources';
import type { Stop } from './stops';

type StoppedBody = DebugProtocol.StoppedEvent['body'];

function reasonOf(stop: Stop): Pick<StoppedBody, 'reason' | 'description' | 'text' | 'hitBreakpointIds'> {
  switch (stop.kind) {
    case 'step':
      return { reason: 'step' };
    case 'pause':
      return { reason: 'pause' };
    case 'entry':
      return { reason: 'entry' };
    case 'start':
      return { reason: 'step', description: 'At the start of the scenario' };
    case 'end':
      return { reason: 'step', description: 'At the end of the scenario' };
    case 'breakpoint':
      return { reason: 'breakpoint', hitBreakpointIds: [...stop.ids] };
    case 'exception':
      return {
        reason: 'exception',
        description: `Stopped at ${stop.exceptional.what}`,
        text: stop.exceptional.message,
      };
    case 'failure':
      return { reason: 'exception', description: 'The simulator cannot go on', text: stop.message };
  }
}

/** Prints one line for each statement that returned for the first time. */
export function printOutcomes(context: Context): void {
  const scenario = scenarioOf(context);
  const { names, places, timeline } = scenario;
  for (; context.printed < timeline.outcomes.length; context.printed++) {
    const { text, failed } = timeline.outcomes[context.printed]!;
    context.sendEvent('output', {
      category: failed ? 'stderr' : 'stdout',
      output: `${names[context.printed]}: ${text}\n`,
      source: scenarioSource(scenario),
      line: lineFor(context.client, places[context.printed]!.line),
    });
  }
}

/** Sends what stands behind the lines of the editor now. */
export function sendOutcomes(context: Context): void {
  const scenario = scenarioOf(context);
  const outcomes = outcomesAt(scenario, scenario.timeline.current);
  const change = outcomesChange(context.shown, outcomes);
  context.shown = outcomes;
  const body: OutcomesBody = { uri: uriOf(scenario.path), run: context.run, ...change };
  context.sendEvent(OUTCOMES_EVENT, body);
}

/** The session is over; what the statements did stays in the editor. */
export function endSession(context: Context): void {
  context.phase = 'ended';
  context.stop = null;
  context.sendEvent('terminated');
  context.sendEvent('exited', { exitCode: 0 });
}

/** A run came to a stop. */
export function stopAt(context: Context, stop: Stop): void {
  printOutcomes(context);
  sendOutcomes(context);
  if (stop.kind === 'end' && context.endsAtEnd) {
    endSession(context);
    return;
  }
  context.phase = 'stopped';
  context.stop = stop;
  const body: StoppedBody = { ...reasonOf(stop), threadId: THREAD, allThreadsStopped: true };
  context.sendEvent('stopped', body);
}
