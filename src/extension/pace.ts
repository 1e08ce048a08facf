import type { CancellationToken } from 'vscode';
import type { Pace } from '../outcome';

/** Milliseconds after which the editor gets a turn. */
const SLICE = 15;

/** How long runs go on in an extension host, where the editor and other extensions want their turn, too. */
export function paceOf(token: CancellationToken, limitInSeconds: number): Pace {
  return {
    slice: SLICE,
    limit: limitInSeconds * 1000,
    now: () => Date.now(),
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    isCancelled: () => token.isCancellationRequested,
  };
}
