/** The state that the requests of one session share. */

import type { CompiledStatement } from '../language';
import type { DataBreakpoint } from './breakpoints/data';
import type { HitCounts } from './breakpoints/hit-counts';
import type { Located } from './breakpoints/locate';
import type { Rule } from './breakpoints/rule';
import type { BreakpointSet } from './breakpoints/set';
import type { Client } from './client';
import type { Edits } from './edited';
import { RequestError } from './errors';
import type { DebugHost } from './host';
import type { Level, Moment } from './moment';
import type { LineOutcome } from './outcomes';
import type { Runner } from './runner';
import type { DebuggedScenario } from './scenario';
import type { Stop } from './stops';
import type { References } from './variables/references';
import type { ChildReferences } from './variables/view';

/** The phase of the session. */
export type Phase =
  /** Only `initialize` is accepted. */
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
  /** Title of the scenario to debug, if the file has several; default: the first. */
  readonly scenario?: string;
  readonly stopOnEntry: boolean;
  /** Line, from 1: runs to the first statement on or below it, and stops before that statement. */
  readonly stopAtLine?: number;
  /** Whether that run passes breakpoints. */
  readonly passBreakpoints: boolean;
  /** Run without breakpoints. */
  readonly noDebug: boolean;
}

/** A call stack entry that the client has a number for. */
export interface KnownFrame {
  /** 1 for the outermost. */
  readonly depth: number;
  readonly level: Level;
  /** The moment of the frame: the current one, or that of a suspended call. */
  readonly moment: Moment;
}

/** A jump target: before a statement, or before the next or last time a step of a listing is reached. */
export type JumpTarget =
  | { readonly kind: 'statement'; readonly statement: CompiledStatement }
  | {
      readonly kind: 'step';
      readonly procedure: string;
      readonly step: number;
      readonly direction: 'forward' | 'back';
    };

/** A step-in target: a procedure, or the task of a race that makes the next step. */
export type StepInTarget =
  | { readonly kind: 'procedure'; readonly procedure: string }
  | { readonly kind: 'task'; readonly task: number };

/** A stop that a request waited for. The stopped event follows the response. */
export interface Halt {
  readonly stop: Stop;
  readonly tell: () => void;
}

export interface Context {
  readonly host: DebugHost;
  readonly edits: Edits;
  readonly sendEvent: (event: string, body?: object) => void;
  readonly runner: Runner;
  readonly breakpoints: BreakpointSet;
  dataBreakpoints: readonly DataBreakpoint[];
  /** Function breakpoints whose name is a watch. Extensions of VS Code cannot set data breakpoints. */
  namedWatches: readonly DataBreakpoint[];
  readonly hitCounts: HitCounts;
  /** Returns an unused breakpoint id. */
  readonly nextBreakpointId: () => number;
  /** Prints the message of a logpoint. */
  readonly log: (text: string) => void;
  /** For each source with breakpoints, how to resolve them in a scenario. */
  readonly locators: Map<string, (scenario: DebuggedScenario | null) => readonly Located[]>;
  /** Enabled exception filters. */
  filters: ReadonlyMap<string, Rule>;
  /** Breakpoints and filters whose faulty condition was reported. */
  readonly told: Set<number | string>;
  readonly frames: References<KnownFrame>;
  readonly children: ChildReferences;
  readonly jumpTargets: References<JumpTarget>;
  /** Memory references that the client has read. */
  readonly memoryRead: Set<string>;
  /** Step-in targets, by the ids the client has. */
  readonly stepInTargets: References<StepInTarget>;
  /** Depth of the selected call stack entry; null for the innermost. */
  focus: number | null;
  /** The task of a race that a person has given the turn, as an index; null if none since the last stop. */
  stepped: number | null;
  client: Client;
  phase: Phase;
  options: LaunchOptions | null;
  /** The debugged scenario, or its current branch. */
  scenario: DebuggedScenario | null;
  /** Number of runs started, by the launch and by each restart. */
  run: number;
  /** Why the scenario is stopped; null while it runs. */
  stop: Stop | null;
  /** Whether reaching the end ends the session. */
  endsAtEnd: boolean;
  /** Set while a request waits for the next stop: called with it, or with null if the request is abandoned. */
  awaited: ((halt: Halt | null) => void) | null;
  /** The outcomes of this run that were sent to the client. */
  shown: readonly LineOutcome[];
}

/** The response to a request, and what to do after it is sent. */
export interface Reply {
  readonly body?: object;
  readonly after?: () => void;
}

export type Handler = (context: Context, args: Readonly<Record<string, unknown>>) => Reply | Promise<Reply>;

/** @throws RequestError if no scenario is loaded: before the launch, or if the launch failed. */
export function scenarioOf({ scenario }: Context): DebuggedScenario {
  if (scenario === null) throw new RequestError('No scenario is loaded.');
  return scenario;
}
