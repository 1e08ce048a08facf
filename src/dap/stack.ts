/** The call stack at a moment: kernel procedures, the innermost first, and the statement under them. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { stepPlace } from './breakpoints';
import { type Client, columnFor, lineFor } from './client';
import { framesOf, hasReturned } from './moment';
import type { Place } from './places';
import type { Scenario } from './scenario';
import { listingSource, scenarioSource } from './sources';

/**
 * Where a place begins, as the client counts lines and columns. Its end is left out: VS Code would select the whole
 * place at each stop, and the next key typed would replace it.
 */
function startFor(client: Client, place: Place) {
  return { line: lineFor(client, place.line), column: columnFor(client, place.column) };
}

export interface StackFrame extends Omit<DebugProtocol.StackFrame, 'id'> {
  /** 0 for the statement, 1 for the procedure it calls, and so on. */
  readonly depth: number;
}

/** All frames, the innermost first. */
export function stackAt(scenario: Scenario, client: Client): readonly StackFrame[] {
  const { program, places, names, timeline } = scenario;
  const moment = timeline.current;
  const frames = framesOf(moment);
  const statement: StackFrame = {
    depth: 0,
    name: `${names[moment.statement]}${hasReturned(moment) ? ' (returned)' : ''}`,
    source: scenarioSource(scenario),
    ...startFor(client, places[moment.statement]!),
  };
  const procedures = frames.map(({ procedure, step }, at): StackFrame => {
    // A caller's frame already points behind the step that made the call.
    const shown = at === frames.length - 1 ? step : step - 1;
    return {
      depth: at + 1,
      name: procedure,
      source: listingSource(program.setup, procedure),
      ...startFor(client, stepPlace(program.setup, procedure, shown)),
    };
  });
  return [...procedures.reverse(), statement];
}
