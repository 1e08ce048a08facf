import { RAL } from 'vscode-languageserver';

/**
 * What the protocol library needs from its host. Its entry points for Node and for browsers install this, each in its
 * own copy of the library; a server that is given its reader and writer cannot rely on that.
 */

function disposable(dispose: () => void) {
  return { dispose };
}

const TIMERS: ReturnType<typeof RAL>['timer'] = {
  setTimeout: (callback, ms, ...args) => {
    const timer = setTimeout(callback, ms, ...args);
    return disposable(() => clearTimeout(timer));
  },
  setImmediate: (callback, ...args) => {
    const timer = setTimeout(callback, 0, ...args);
    return disposable(() => clearTimeout(timer));
  },
  setInterval: (callback, ms, ...args) => {
    const timer = setInterval(callback, ms, ...args);
    return disposable(() => clearInterval(timer));
  },
};

function noBytes(): never {
  throw new Error('a reader or writer of bytes has to come from vscode-languageserver/node or /browser');
}

/** Installs timers and a console if no entry point of the library has done so. */
export function ensureRuntime(): void {
  try {
    RAL();
  } catch {
    RAL.install({
      console,
      timer: TIMERS,
      messageBuffer: { create: noBytes },
      applicationJson: {
        encoder: { name: 'application/json', encode: noBytes },
        decoder: { name: 'application/json', decode: noBytes },
      },
    });
  }
}
