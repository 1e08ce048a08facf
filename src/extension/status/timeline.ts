import type { DebugSession } from 'vscode';

/** Where a debug session stands in the run so far: the custom request `gmemscope/timeline`. */
export interface TimelineBody {
  /** How many ticks have been reached, from 0 on: a step back takes none away. */
  readonly ticks: number;
  /** Tick at which each statement that was reached begins. */
  readonly statements: readonly number[];
  /** Where it stands; on a branch, where that came off. */
  readonly tick: number;
  /** Whether it stands on a branch: a run that is not the scenario's own. */
  readonly branch: boolean;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The body of an answer; undefined where it is not one that this extension knows. */
export function readTimeline(body: unknown): TimelineBody | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { ticks, statements, tick, branch } = body as Partial<TimelineBody>;
  if (!isCount(ticks) || !isCount(tick) || typeof branch !== 'boolean') return undefined;
  if (!Array.isArray(statements) || !statements.every(isCount)) return undefined;
  return { ticks, statements, tick, branch };
}

/** Asks a session where it stands; undefined where it does not say. */
export async function askTimeline(session: DebugSession): Promise<TimelineBody | undefined> {
  try {
    return readTimeline(await session.customRequest('gmemscope/timeline'));
  } catch {
    return undefined;
  }
}
