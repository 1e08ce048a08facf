import type { DebugSession } from 'vscode';

/** Where a debug session stands in the run so far: the custom request `gmemscope/timeline`. */
export interface TimelineBody {
  /** How many ticks have been reached, from 0 on: a step back takes none away. */
  readonly ticks: number;
  /** Tick at which each statement that was reached begins. */
  readonly statementTicks: readonly number[];
  readonly current: number;
  /** Whether it stands on a branch, or which one: a run that is not the scenario's own. */
  readonly branch: boolean | string;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The same by shorter names, which a session may use as well. */
interface ShortNames {
  readonly statements?: unknown;
  readonly tick?: unknown;
}

/** The body of an answer; undefined where it is not one that this extension knows. */
export function readTimeline(body: unknown): TimelineBody | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { statements, tick } = body as ShortNames;
  const { ticks, statementTicks = statements, current = tick, branch } = body as Partial<TimelineBody>;
  if (!isCount(ticks) || !isCount(current)) return undefined;
  if (!Array.isArray(statementTicks) || !statementTicks.every(isCount)) return undefined;
  return { ticks, statementTicks, current, branch: typeof branch === 'string' ? branch : branch === true };
}

/** Asks a session where it stands; undefined where it does not say. */
export async function askTimeline(session: DebugSession): Promise<TimelineBody | undefined> {
  try {
    return readTimeline(await session.customRequest('gmemscope/timeline'));
  } catch {
    return undefined;
  }
}
