import {
  type DebugAdapterTracker,
  type DebugSession,
  Disposable,
  debug,
  type Memento,
  window,
  workspace,
} from 'vscode';
import { textOf } from '../documents';
import { uriOfProgram } from '../launch/program-uri';
import { type LastPosition, launchTo, readPosition } from './last-position';

const KEY = 'gmemscope.lastPosition';

/** Milliseconds after the end of a session. A window that is reloaded also ends its sessions, but no longer exists after this time. */
const PAUSE = 1000;

type Message = Readonly<Record<string, unknown>>;

/** The line of the statement: the outermost frame of a complete call stack. */
function statementLine({ success, body }: Message): number | undefined {
  const { stackFrames, totalFrames } = (body ?? {}) as {
    stackFrames?: readonly { readonly line: number }[];
    totalFrames?: number;
  };
  return success === true && stackFrames?.length === totalFrames ? stackFrames?.at(-1)?.line : undefined;
}

/** Keeps the position of the session that stopped last, for as long as it runs. */
class Positions implements Disposable {
  /** The session whose position is stored. */
  private session: string | undefined;
  private readonly subscriptions = Disposable.from(
    debug.registerDebugAdapterTrackerFactory('gmem', {
      createDebugAdapterTracker: (session) => this.track(session),
    }),
    debug.onDidTerminateDebugSession(({ id }) => setTimeout(() => this.forget(id), PAUSE)),
  );

  constructor(private readonly state: Memento) {}

  dispose(): void {
    this.subscriptions.dispose();
  }

  private track(session: DebugSession): DebugAdapterTracker {
    const asked = new Set<unknown>();
    let thread: unknown;
    return {
      onWillReceiveMessage: ({ command, seq, arguments: args }) => {
        if (command === 'stackTrace' && args?.threadId === thread) asked.add(seq);
      },
      onDidSendMessage: (message: Message) => {
        if (message.event === 'stopped') thread = (message.body as { readonly threadId?: number }).threadId;
        if (message.type !== 'response' || !asked.delete(message.request_seq)) return;
        const line = statementLine(message);
        if (line !== undefined) this.keep(session, line);
      },
    };
  }

  private keep({ id, name, configuration }: DebugSession, line: number): void {
    const { program, scenario } = configuration;
    if (typeof program !== 'string') return;
    this.session = id;
    const position: LastPosition = { program, scenario: scenario ?? null, name, line };
    void this.state.update(KEY, position);
  }

  private forget(session: string): void {
    if (this.session !== session) return;
    this.session = undefined;
    void this.state.update(KEY, undefined);
  }
}

/** Whether the scenario can still be read: a document that was never saved may be gone. */
async function isThere({ program }: LastPosition): Promise<boolean> {
  try {
    await textOf(uriOfProgram(program));
    return true;
  } catch {
    return false;
  }
}

async function offer(position: LastPosition): Promise<void> {
  if (!(await isThere(position))) return;
  const { name, line, program } = position;
  const button = `Continue at Line ${line}`;
  const chosen = await window.showInformationMessage(`${name} was being debugged, at line ${line}.`, button);
  if (chosen !== button) return;
  await debug.startDebugging(workspace.getWorkspaceFolder(uriOfProgram(program)), launchTo(position));
}

/** After a window was reloaded in the middle of a session, offers to continue at the statement where it was. */
export function registerReloadOffer(state: Memento): Disposable {
  const position = readPosition(state.get(KEY));
  // Offers only once, even if the window is reloaded again.
  void state.update(KEY, undefined);
  if (position !== undefined) void offer(position);
  return new Positions(state);
}
