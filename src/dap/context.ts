/** What the requests of one session share. */

import type { BreakpointSet, Located } from './breakpoints';
import type { Client } from './client';
import { RequestError } from './errors';
import type { LineOutcome } from './outcomes';
import type { Runner } from './runner';
import type { Scenario } from './scenario';
import type { Stop } from './stops';
import type { References } from './variables/references';
import type { ChildReferences } from './variables/view';

export interface DebugHost {
  /** The text of a file, by path or URI; rejects with an Error that says why not. */
  readonly readFile: (path: string) => Promise<string>;
}

/** How far the session is. */
export type Phase =
  /** Nothing but `initialize` is understood. */
  | 'new'
  | 'initialized'
  | 'loading'
  /** Waits for `configurationDone`. */
  | 'loaded'
  | 'stopped'
  | 'running'
  | 'ended';

export interface LaunchOptions {
  readonly program: string;
  /** Title of one of several scenarios in the file; the first without it. */
  readonly scenario?: string;
  readonly stopOnEntry: boolean;
  /** Run without breakpoints. */
  readonly noDebug: boolean;
}

export interface Context {
  readonly host: DebugHost;
  readonly sendEvent: (event: string, body?: object) => void;
  readonly runner: Runner;
  readonly breakpoints: BreakpointSet;
  /** For each source with breakpoints, how to find their places in a scenario. */
  readonly locators: Map<string, (scenario: Scenario | null) => readonly Located[]>;
  /** Depth of each frame that the client knows. */
  readonly frames: References<number>;
  readonly children: ChildReferences;
  client: Client;
  phase: Phase;
  options: LaunchOptions | null;
  scenario: Scenario | null;
  /** Counts the scenarios that were started, by a launch and by each restart. */
  run: number;
  filters: ReadonlySet<string>;
  /** Why it stands still, while it does. */
  stop: Stop | null;
  /** Whether reaching the end ends the session. */
  endsAtEnd: boolean;
  /** The outcomes that the client knows of this run. */
  shown: readonly LineOutcome[];
  /** Statements whose outcome was printed. */
  printed: number;
}

/** The answer to a request, and what follows once it has been sent. */
export interface Reply {
  readonly body?: object;
  readonly after?: () => void;
}

export type Handler = (context: Context, args: Readonly<Record<string, unknown>>) => Reply | Promise<Reply>;

/** The one thread: the scenario's statements run one after the other. */
export const THREAD = 1;

/** @throws RequestError where no scenario is loaded: before the launch, and after a session that never had one. */
export function scenarioOf({ scenario }: Context): Scenario {
  if (scenario === null) throw new RequestError('No scenario is loaded.');
  return scenario;
}
