/** What the requests of one session share. */

import type { CompiledStatement } from '../language';
import type { DataBreakpoint } from './breakpoints/data';
import type { HitCounts } from './breakpoints/hit-counts';
import type { Located } from './breakpoints/locate';
import type { Rule } from './breakpoints/rule';
import type { BreakpointSet } from './breakpoints/set';
import type { Client } from './client';
import { RequestError } from './errors';
import type { Level, Moment } from './moment';
import type { LineOutcome } from './outcomes';
import type { Runner } from './runner';
import type { DebuggedScenario } from './scenario';
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
  /** From 1: runs to the first statement on this line or below, and stops before it. */
  readonly stopAtLine?: number;
  /** Run without breakpoints. */
  readonly noDebug: boolean;
}

/** An entry of the call stack, as the client knows it. */
export interface KnownFrame {
  /** 1 for the outermost. */
  readonly depth: number;
  readonly level: Level;
  /** The moment that it is seen at: the one at hand, or that of a call that stands still. */
  readonly moment: Moment;
}

/** A place to jump to: before a statement, or before a step of a listing, the next time or the last time. */
export type JumpTarget =
  | { readonly kind: 'statement'; readonly statement: CompiledStatement }
  | {
      readonly kind: 'step';
      readonly procedure: string;
      readonly step: number;
      readonly direction: 'forward' | 'back';
    };

/** A stop that a request waited for: the client hears of it behind the answer. */
export interface Halt {
  readonly stop: Stop;
  readonly tell: () => void;
}

export interface Context {
  readonly host: DebugHost;
  readonly sendEvent: (event: string, body?: object) => void;
  readonly runner: Runner;
  readonly breakpoints: BreakpointSet;
  dataBreakpoints: readonly DataBreakpoint[];
  /** Function breakpoints whose name is what they watch: the only ones that an extension of VS Code can set. */
  namedWatches: readonly DataBreakpoint[];
  readonly hitCounts: HitCounts;
  /** Gives a number that no breakpoint has. */
  readonly nextBreakpointId: () => number;
  /** Prints the message of a breakpoint that was passed. */
  readonly log: (text: string) => void;
  /** For each source with breakpoints, how to find their places in a scenario. */
  readonly locators: Map<string, (scenario: DebuggedScenario | null) => readonly Located[]>;
  /** Exception filters that are on. */
  filters: ReadonlyMap<string, Rule>;
  /** Breakpoints and filters whose condition was said to be wrong. */
  readonly told: Set<number | string>;
  readonly frames: References<KnownFrame>;
  readonly children: ChildReferences;
  readonly jumpTargets: References<JumpTarget>;
  /** Memory references that the client has read. */
  readonly memoryRead: Set<string>;
  /** Procedures that can be stepped into, by the numbers that the client knows. */
  readonly stepInTargets: References<string>;
  /** Depth of the entry of the call stack that the person looks at; null for the innermost. */
  focus: number | null;
  client: Client;
  phase: Phase;
  options: LaunchOptions | null;
  /** The scenario that is debugged, or the branch of it. */
  scenario: DebuggedScenario | null;
  /** Counts the scenarios that were started, by a launch and by each restart. */
  run: number;
  /** Why it stands still, while it does. */
  stop: Stop | null;
  /** Whether reaching the end ends the session. */
  endsAtEnd: boolean;
  /** A request waits for the next stop: called with it, or with null where the session goes on without. */
  awaited: ((halt: Halt | null) => void) | null;
  /** The outcomes that the client knows of this run. */
  shown: readonly LineOutcome[];
}

/** The answer to a request, and what follows once it has been sent. */
export interface Reply {
  readonly body?: object;
  readonly after?: () => void;
}

export type Handler = (context: Context, args: Readonly<Record<string, unknown>>) => Reply | Promise<Reply>;

/** @throws RequestError where no scenario is loaded: before the launch, and after a session that never had one. */
export function scenarioOf({ scenario }: Context): DebuggedScenario {
  if (scenario === null) throw new RequestError('No scenario is loaded.');
  return scenario;
}
