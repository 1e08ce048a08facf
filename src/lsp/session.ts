import { ErrorCodes, type InitializeParams, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Span } from '../language';
import { type Abilities, abilitiesOf, NO_ABILITIES } from './abilities';
import type { Documents, ScenarioDocument } from './documents';
import { createTokenServer, type TokenServer } from './semantic-tokens';
import { DEFAULT_SETTINGS, type Settings } from './settings';

/** The lifecycle of a connection, and the common part of requests on documents. */

export interface Session {
  phase: 'new' | 'running' | 'shut-down';
  abilities: Abilities;
  settings: Settings;
  /** Resolves when the editor has sent its settings, or after a timeout. */
  settingsRead: Promise<void>;
  readonly documents: Documents;
  readonly tokens: TokenServer;
}

export function createSession(documents: Documents): Session {
  return {
    phase: 'new',
    abilities: NO_ABILITIES,
    settings: DEFAULT_SETTINGS,
    settingsRead: Promise.resolve(),
    documents,
    tokens: createTokenServer(),
  };
}

/**
 * Begins the session.
 * @throws ResponseError if it has already begun.
 */
export function beginSession(session: Session, params: InitializeParams): void {
  if (session.phase !== 'new') {
    throw new ResponseError(ErrorCodes.InvalidRequest, 'the server is initialized already');
  }
  session.phase = 'running';
  session.abilities = abilitiesOf(params);
}

/** Incoming parameters: clients may send anything, whatever the types say. */
interface Incoming {
  readonly textDocument?: { readonly uri?: unknown };
  readonly position?: unknown;
}

interface IncomingPosition {
  readonly line?: unknown;
  readonly character?: unknown;
}

/** @throws ResponseError before initialization and after shutdown. */
export function checkPhase({ phase }: Session): void {
  if (phase === 'new') {
    throw new ResponseError(ErrorCodes.ServerNotInitialized, 'the server is not initialized yet');
  }
  if (phase === 'shut-down') {
    throw new ResponseError(ErrorCodes.InvalidRequest, 'the server has been shut down');
  }
}

function scenarioFor({ documents }: Session, params: Incoming | null | undefined): ScenarioDocument {
  const uri = params?.textDocument?.uri;
  if (typeof uri !== 'string') {
    throw new ResponseError(ErrorCodes.InvalidParams, 'the request names no document (textDocument.uri)');
  }
  const scenario = documents.get(uri);
  if (scenario === undefined) {
    throw new ResponseError(ErrorCodes.InvalidParams, `the document ${uri} is not open`);
  }
  return scenario;
}

/**
 * The offset of a position; positions outside the text are clamped.
 * @throws ResponseError if it is not a position.
 */
export function offsetOf({ document }: ScenarioDocument, position: unknown): number {
  const { line, character }: IncomingPosition = position ?? {};
  if (typeof line !== 'number' || typeof character !== 'number') {
    throw new ResponseError(ErrorCodes.InvalidParams, 'the request names no place (position)');
  }
  return document.offsetAt({ line, character });
}

/**
 * The offsets of a range; of the whole text if there is none.
 * @throws ResponseError if it has no start or no end.
 */
export function spanOf(scenario: ScenarioDocument, range: unknown): Span {
  if (range === undefined || range === null) return { start: 0, end: scenario.document.getText().length };
  const { start, end }: { start?: unknown; end?: unknown } = range;
  return { start: offsetOf(scenario, start), end: offsetOf(scenario, end) };
}

/** Wraps the handler of a request that is not on a document. */
export function afterInitialize<P, R>(session: Session, handle: (params: P) => R): (params: P) => R {
  return (params) => {
    checkPhase(session);
    return handle(params);
  };
}

/** A request on an open document. */
export function onDocument<P, R>(
  session: Session,
  handle: (scenario: ScenarioDocument, params: P) => R | Promise<R>,
): (params: P) => Promise<R> {
  return async (params) => {
    checkPhase(session);
    const scenario = scenarioFor(session, params as Incoming | null);
    try {
      await scenario.analysed();
      if (!scenario.isOutdated()) {
        const result = await handle(scenario, params);
        if (!scenario.isOutdated()) return result;
      }
    } catch (error) {
      // An error on an outdated text is not a valid answer either.
      if (!scenario.isOutdated()) throw error;
    }
    throw new ResponseError(LSPErrorCodes.ContentModified, 'the document has changed meanwhile');
  };
}

/** A request on a position in an open document. */
export function onPosition<P, R>(
  session: Session,
  handle: (scenario: ScenarioDocument, offset: number, params: P) => R | Promise<R>,
): (params: P) => Promise<R> {
  return onDocument<P, R>(session, (scenario, params) =>
    handle(scenario, offsetOf(scenario, (params as Incoming).position), params),
  );
}
