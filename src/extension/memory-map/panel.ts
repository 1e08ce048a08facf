import {
  type DebugSession,
  Disposable,
  debug,
  EventEmitter,
  ProgressLocation,
  Uri,
  type WebviewPanel,
  window,
} from 'vscode';
import { LSPErrorCodes } from 'vscode-languageclient/browser';
import type { FoundChange } from '../../lsp';
import { type FromPage, readFromPage, type ToPage } from '../../memory-map/messages';
import { isScenario, openDocument, scenarioInFront } from '../documents';
import { messageOf } from '../errors';
import type { LanguageConnection } from '../language-client';
import { uriOfProgram } from '../launch/program-uri';
import { type Answer, pageMapOf, readSessionMap, readStatementMap } from './answers';
import { toggleWatch, watchedPlaces } from './breakpoints';
import { newNonce, pageHtml } from './html';
import { Latest } from './latest';
import { cursorIn, goToLine, revealLine } from './source';

/** What the picture shows: a debug session, or a statement of a document if none is running. */
interface Shown {
  readonly uri: Uri;
  readonly answer: Answer;
}

/** The active debug session, if it debugs a scenario. */
function scenarioSession(): DebugSession | undefined {
  const session = debug.activeDebugSession;
  return session?.type === 'gmem' ? session : undefined;
}

/** Whether the server refused a request because the text has changed since (LSP, ContentModified). */
function isOvertaken(error: unknown): boolean {
  return (error as { code?: unknown }).code === LSPErrorCodes.ContentModified;
}

/** The memory map panel: requests the map from the debugger or the language server and shows the answer. */
export class MemoryMapPanel implements Disposable {
  private readonly closed = new EventEmitter<void>();
  private readonly questions = new Latest();
  private readonly moves = new Latest();
  private width = 0;
  /** The last slider move that was carried out. */
  private answers = 0;
  private shown: Shown | undefined;
  /** The document that was last in front. */
  private document: Uri | undefined;
  /** The statement that the slider selected; null follows the cursor. */
  private chosen: number | null = null;
  private readonly subscriptions: Disposable;

  readonly onDidClose = this.closed.event;

  constructor(
    private readonly panel: WebviewPanel,
    private readonly language: LanguageConnection,
    extension: Uri,
  ) {
    const built = Uri.joinPath(extension, 'dist');
    const address = (name: string) => panel.webview.asWebviewUri(Uri.joinPath(built, name)).toString();
    panel.webview.options = { enableScripts: true, localResourceRoots: [built] };
    panel.iconPath = {
      light: Uri.joinPath(extension, 'media', 'file-light.svg'),
      dark: Uri.joinPath(extension, 'media', 'file-dark.svg'),
    };
    this.subscriptions = Disposable.from(
      this.closed,
      panel.webview.onDidReceiveMessage((message) => {
        const read = readFromPage(message);
        if (read !== undefined) void this.take(read);
      }),
      panel.onDidDispose(() => this.closed.fire()),
    );
    panel.webview.html = pageHtml({
      script: address('memory-map.js'),
      style: address('memory-map.css'),
      nonce: newNonce(),
    });
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.panel.dispose();
  }

  /** The cursor moved or the text changed: drops the slider's choice. */
  follow(): void {
    this.chosen = null;
    if (scenarioSession() === undefined) this.refresh();
  }

  /** Requests the current picture. */
  refresh(): void {
    // The page reports its width once it has loaded.
    if (this.width > 0) this.questions.ask(() => this.show());
  }

  private post(message: ToPage): void {
    void this.panel.webview.postMessage(message);
  }

  private notice(text: string, clears = false): void {
    this.post({ type: 'notice', text, clears });
  }

  private async take(message: FromPage): Promise<void> {
    try {
      await this.act(message);
    } catch (error) {
      this.notice(messageOf(error));
    }
  }

  private async act(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'width':
        this.width = message.width;
        return this.refresh();
      case 'goTo':
        return this.goTo(message.at, message.request);
      case 'source':
        if (this.shown?.answer.line != null) await goToLine(this.shown.uri, this.shown.answer.line);
        return;
      case 'breakpoint':
        return this.notice(toggleWatch(message.place, message.what));
      case 'made':
        return this.goToMaker(message.place, message.what);
    }
  }

  /** Moves the debugger; the map follows when it has stopped. Must not reject. */
  private async moveTo(session: DebugSession, at: number, request: number): Promise<void> {
    try {
      await session.customRequest('gmemscope/goTo', { tick: at, keepsFocus: true });
    } catch (error) {
      this.notice(messageOf(error));
    } finally {
      this.answers = request;
      this.refresh();
    }
  }

  private goTo(at: number, request: number): void {
    const session = scenarioSession();
    if (session !== undefined) {
      this.moves.ask(() => this.moveTo(session, at, request));
      return;
    }
    this.chosen = at;
    this.answers = request;
    this.refresh();
  }

  private async goToMaker(place: string, what: string | null): Promise<void> {
    const session = scenarioSession();
    if (session !== undefined) {
      await session.customRequest('gmemscope/lastChange', {
        expression: place,
        ...(what === null ? {} : { what }),
      });
      return;
    }
    const { shown } = this;
    if (shown === undefined) return;
    const params = {
      ...this.placeIn(shown.uri),
      statement: shown.answer.course.at,
      watch: what === null ? place : `${place} ${what}`,
    };
    const found = await window.withProgress(
      { location: ProgressLocation.Window, title: 'Looking for the statement' },
      () => this.language.request<FoundChange | null>('gmemscope/lastChange', params),
    );
    if (found === null) this.notice(`Nothing ${what ?? 'changed'} ${place} before this.`);
    else await goToLine(shown.uri, found.line);
  }

  private placeIn(uri: Uri): object {
    const { line, character } = cursorIn(uri);
    return { textDocument: { uri: uri.toString() }, position: { line, character } };
  }

  /** Must not reject. */
  private async show(): Promise<void> {
    const { answers, chosen } = this;
    try {
      const session = scenarioSession();
      const found = session === undefined ? await this.ofDocument() : await this.ofSession(session);
      if (found === undefined) return;
      this.shown = found;
      const name = found.uri.path.split('/').at(-1) ?? '';
      const around = { name, breakpoints: watchedPlaces(), answers };
      this.post({ type: 'map', map: pageMapOf(found.answer, around) });
      const { line } = found.answer;
      if (session === undefined && chosen !== null && line !== null) revealLine(found.uri, line);
    } catch (error) {
      // The text was edited meanwhile: ask again.
      if (!isOvertaken(error)) this.notice(messageOf(error), scenarioSession() === undefined);
    }
  }

  private async ofSession(session: DebugSession): Promise<Shown | undefined> {
    let body: unknown;
    try {
      body = await session.customRequest('gmemscope/memoryMap', { width: this.width });
    } catch {
      // The debuggee is running: keep the picture of the last stop until the next one.
      return undefined;
    }
    const answer = readSessionMap(body);
    return answer && { uri: uriOfProgram(answer.uri), answer };
  }

  private async ofDocument(): Promise<Shown | undefined> {
    const front = window.activeTextEditor?.document;
    const before = this.document && openDocument(this.document);
    const { uri } = (front !== undefined && isScenario(front) ? front : before) ?? scenarioInFront() ?? {};
    if (uri === undefined) {
      this.notice('There is no scenario to draw: open a .gmem file.', true);
      return undefined;
    }
    this.document = uri;
    const chosen = this.chosen === null ? {} : { statement: this.chosen };
    const params = { ...this.placeIn(uri), ...chosen, width: this.width };
    const answer = readStatementMap(await this.language.request('gmemscope/memoryMap', params));
    return answer && { uri, answer };
  }
}
