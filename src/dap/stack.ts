/** The call stack at a moment: kernel procedures, innermost first, then the statement. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { hasReturned, lastOf } from '../simulator';
import { stepLocation } from './breakpoints/locate';
import { type Client, columnFor, lineFor } from './client';
import { type Level, levelsOf, levelsOfSuspended } from './moment';
import { type DebuggedScenario, labelOf } from './scenario';
import type { SourceLocation } from './source-location';
import { listingSource, scenarioSource } from './sources';
import type { Thread } from './threads';

export interface StackFrame extends Omit<DebugProtocol.StackFrame, 'id'> {
  /** 1 for the outermost. */
  readonly depth: number;
  readonly level: Level;
}

/**
 * The start of a source location, in the client's numbering. The end is omitted: VS Code would select the whole range
 * at each stop, and the next key press would replace it.
 */
function startFor(client: Client, location: SourceLocation) {
  return { line: lineFor(client, location.line), column: columnFor(client, location.column) };
}

/** The name of a statement in the call stack; it says so if the statement runs on a branch. */
function statementName(scenario: DebuggedScenario, { moment, statement }: Level): string {
  const { branch, timeline } = scenario;
  const { name, typed } = labelOf(scenario, statement);
  const suspended =
    moment.run !== null && moment.run.suspended !== null && moment.run.suspended !== 'returned';
  const returned = suspended ? ' (suspended)' : hasReturned(moment) ? ' (returned)' : '';
  if (branch === null) return `${name}${returned}`;
  if (moment !== timeline.current) return `${name} (suspended)`;
  return typed === null ? `on a branch: ${name}${returned}` : `what if: ${name}${returned}`;
}

function frameOf(scenario: DebuggedScenario, client: Client, level: Level, depth: number): StackFrame {
  const { frame, statement, next } = level;
  if (frame === null) {
    return {
      depth,
      level,
      name: statementName(scenario, level),
      source: scenarioSource(scenario),
      ...startFor(client, labelOf(scenario, statement).location),
      canRestart: true,
    };
  }
  const { setup } = scenario.program;
  const { procedure, step } = frame;
  // A caller's frame already points after the step that made the call.
  const location = stepLocation(setup, procedure, next ? step : step - 1);
  return {
    depth,
    level,
    name: procedure,
    source: listingSource(setup, procedure),
    ...startFor(client, location),
    canRestart: true,
  };
}

function levelsOfThread({ program, timeline }: DebuggedScenario, thread: Thread): readonly Level[] {
  switch (thread.kind) {
    case 'scenario':
      return levelsOf(program, timeline.current);
    case 'call':
      return levelsOfSuspended(timeline.current, thread.call);
    case 'task':
      return levelsOf(program, thread.status.moment);
  }
}

/** All entries of a thread, innermost first. */
export function stackAt(scenario: DebuggedScenario, client: Client, thread: Thread): readonly StackFrame[] {
  const levels = levelsOfThread(scenario, thread);
  const frames = levels.map((level, at) => frameOf(scenario, client, level, at + 1)).reverse();
  // A call that does not run was started by a statement of the scenario.
  const isCurrent = lastOf(levels).moment === scenario.timeline.current;
  return isCurrent ? frames : frames.map((frame) => ({ ...frame, canRestart: false }));
}
