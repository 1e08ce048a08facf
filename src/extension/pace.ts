import type { CancellationToken } from 'vscode';
import type { Pace } from '../outcome';

/** Milliseconds after which a run yields to the editor. */
const SLICE = 15;

/** How long a run in an extension host may continue before it yields to the editor and to other extensions. */
export function paceOf(token: CancellationToken, limitInSeconds: number): Pace {
  return {
    slice: SLICE,
    limit: limitInSeconds * 1000,
    now: () => Date.now(),
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    isCancelled: () => token.isCancellationRequested,
  };
}
