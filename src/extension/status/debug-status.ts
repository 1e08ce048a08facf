import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  type DebugAdapterTracker,
  type DebugSession,
  Disposable,
  debug,
  StatusBarAlignment,
  window,
} from 'vscode';
import { analyze } from '../../language';
import type { RunTexts } from '../launch/run-texts';
import {
  positionSentence,
  positionText,
  type RunningScenario,
  runningScenario,
  runPosition,
} from './run-position';
import { askTimeline } from './timeline';

/** What a session reported. */
interface Heard {
  scenario: RunningScenario | undefined;
  frames: readonly DebugProtocol.StackFrame[];
  /** Counts the stops: an answer to an earlier one is out of date. */
  stops: number;
}

/** Status bar item while a scenario is debugged: the statement, the kernel step and the position in the run. */
export class DebugStatus implements Disposable {
  private readonly item = window.createStatusBarItem('gmemscope.position', StatusBarAlignment.Left, 0);
  private readonly sessions = new Map<string, Heard>();
  private readonly subscriptions: Disposable;

  constructor(runs: RunTexts) {
    this.item.name = 'Guest Memory Scenario';
    this.item.command = 'workbench.panel.repl.view.focus';
    this.subscriptions = Disposable.from(
      this.item,
      debug.registerDebugAdapterTrackerFactory('gmem', {
        createDebugAdapterTracker: (session) => this.track(session),
      }),
      runs.onDidBegin((session) => {
        const heard = this.sessions.get(session.id);
        if (heard !== undefined) heard.scenario = scenarioOf(session, runs.of(session.id) ?? '');
      }),
      debug.onDidChangeActiveDebugSession((session) => this.refresh(session)),
      debug.onDidTerminateDebugSession(({ id }) => {
        this.sessions.delete(id);
        this.refresh(debug.activeDebugSession);
      }),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private track(session: DebugSession): DebugAdapterTracker {
    const heard: Heard = { scenario: undefined, frames: [], stops: 0 };
    this.sessions.set(session.id, heard);
    const asked = new Set<number>();
    let thread: number | undefined;
    return {
      onWillReceiveMessage: ({ command, seq, arguments: args }: DebugProtocol.Request) => {
        if (command === 'stackTrace' && args?.threadId === thread) asked.add(seq);
      },
      onDidSendMessage: (message: DebugProtocol.ProtocolMessage) => {
        if (isStop(message)) {
          heard.stops++;
          thread = message.body.threadId;
        }
        const frames = framesIn(message);
        if (frames === undefined || !asked.delete((message as DebugProtocol.Response).request_seq)) return;
        heard.frames = frames;
        this.refresh(session);
      },
    };
  }

  private async refresh(session: DebugSession | undefined): Promise<void> {
    const heard = session === undefined ? undefined : this.sessions.get(session.id);
    if (session === undefined || heard === undefined) {
      this.item.hide();
      return;
    }
    const { stops, frames, scenario } = heard;
    if (scenario === undefined) return;
    const timeline = await askTimeline(session);
    const isActive = (debug.activeDebugSession ?? session).id === session.id;
    const isOutdated = heard.stops !== stops || !this.sessions.has(session.id) || !isActive;
    const position = runPosition(scenario, frames, timeline);
    if (isOutdated || position === undefined) return;
    const sentence = positionSentence(position);
    this.item.text = positionText(position);
    this.item.tooltip = `${sentence}. Click to open the debug console, which shows what the statements did.`;
    this.item.accessibilityInformation = { label: sentence, role: 'button' };
    this.item.show();
  }
}

function isStop(message: DebugProtocol.ProtocolMessage): message is DebugProtocol.StoppedEvent {
  return message.type === 'event' && (message as DebugProtocol.Event).event === 'stopped';
}

/** The call stack in an answer, if it is complete. */
function framesIn(message: DebugProtocol.ProtocolMessage): readonly DebugProtocol.StackFrame[] | undefined {
  const { type, command, success, body } = message as DebugProtocol.StackTraceResponse;
  if (type !== 'response' || command !== 'stackTrace' || !success) return undefined;
  return body.stackFrames.length === body.totalFrames ? body.stackFrames : undefined;
}

function scenarioOf({ configuration }: DebugSession, text: string): RunningScenario {
  const { programs } = analyze(text);
  const title = configuration.scenario;
  return runningScenario(text, programs.find((one) => one.title === title) ?? programs[0]);
}
