import type { DebugSession } from 'vscode';

/** Where a debug session stands in the run so far: the custom request `gmemscope/timeline`. */
export interface TimelineBody {
  /** The last tick that was ever reached, by this run or before a step back. */
  readonly ticks: number;
  /** Tick at which each statement that was reached begins. */
  readonly statementTicks: readonly number[];
  readonly current: number;
  /** Name of the branch that the session is on; null on the run that the scenario says. */
  readonly branch: string | number | null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The body of an answer; undefined where it is not one that this extension knows. */
export function readTimeline(body: unknown): TimelineBody | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { ticks, statementTicks, current, branch = null } = body as Partial<TimelineBody>;
  if (!isCount(ticks) || !isCount(current)) return undefined;
  if (!Array.isArray(statementTicks) || !statementTicks.every(isCount)) return undefined;
  const isBranch = branch === null || typeof branch === 'string' || typeof branch === 'number';
  return isBranch ? { ticks, statementTicks, current, branch } : undefined;
}

/** Asks a session where it stands; undefined where it does not say. */
export async function askTimeline(session: DebugSession): Promise<TimelineBody | undefined> {
  try {
    return readTimeline(await session.customRequest('gmemscope/timeline'));
  } catch {
    return undefined;
  }
}
