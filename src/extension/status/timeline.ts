import type { DebugSession } from 'vscode';

/** The position of a debug session in its run: the custom request `gmemscope/timeline`. */
export interface TimelineBody {
  /** Number of ticks reached, counted from 0; stepping back does not reduce it. */
  readonly ticks: number;
  /** Tick at which each statement that was reached begins. */
  readonly statements: readonly number[];
  /** The current tick; on a branch, the tick where it starts. */
  readonly tick: number;
  /** Whether the session is on a branch, which is not the scenario's own run. */
  readonly branch: boolean;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The body of an answer; undefined if it is malformed. */
export function readTimeline(body: unknown): TimelineBody | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { ticks, statements, tick, branch } = body as Partial<TimelineBody>;
  if (!isCount(ticks) || !isCount(tick) || typeof branch !== 'boolean') return undefined;
  if (!Array.isArray(statements) || !statements.every(isCount)) return undefined;
  return { ticks, statements, tick, branch };
}

/** Asks a session for its position; undefined if it does not answer. */
export async function askTimeline(session: DebugSession): Promise<TimelineBody | undefined> {
  try {
    return readTimeline(await session.customRequest('gmemscope/timeline'));
  } catch {
    return undefined;
  }
}
