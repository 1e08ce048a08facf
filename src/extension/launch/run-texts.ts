import { type DebugSession, type Disposable, debug, EventEmitter, type TextDocument } from 'vscode';
import { firstDifference } from '../text-difference';

/** The texts that debug sessions run. An editor may show another text meanwhile. */
export class RunTexts implements Disposable {
  private readonly texts = new Map<string, string>();
  private readonly begun = new EventEmitter<DebugSession>();
  private readonly subscription = debug.onDidTerminateDebugSession(({ id }) => this.texts.delete(id));

  /** Fires when a session starts to run a text. */
  readonly onDidBegin = this.begun.event;

  begin(session: DebugSession, text: string): void {
    this.texts.set(session.id, text);
    this.begun.fire(session);
  }

  /** The text of a session's run, by its id; undefined if it has ended or has not begun. */
  of(session: string): string | undefined {
    return this.texts.get(session);
  }

  dispose(): void {
    this.subscription.dispose();
    this.begun.dispose();
  }
}

/** The first line, from 0, in which a document differs from the text of a run; null if they are the same. */
export function editedLine(document: TextDocument, text: string): number | null {
  return firstDifference(text, document.getText());
}
