/** The `cancel` request. */
import { optionalCount, optionalText } from '../arguments';
import type { Context, Handler } from '../context';
import { stopAt } from '../stopping';

/** Pauses a run if a request waits for it. All other requests are answered at once. */
function giveUp(context: Context): void {
  if (context.phase !== 'running') return;
  context.runner.cancel();
  stopAt(context, { kind: 'pause' });
}

export const cancel: Handler = (context, args) => {
  const isProgress = optionalText(args, 'progressId') !== undefined;
  const isRequest = optionalCount(args, 'requestId') !== undefined && context.awaited !== null;
  return isProgress || isRequest ? { after: () => giveUp(context) } : {};
};
