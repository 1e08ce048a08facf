import { type LaunchConfiguration, launchConfiguration } from '../launch/debug-configuration';

/** Where a debug session was when its window was closed or reloaded. */
export interface LastPosition {
  readonly program: string;
  /** Title of the scenario; null for the only one. */
  readonly scenario: string | null;
  /** Name of the session. */
  readonly name: string;
  /** Line of the statement, from 1. */
  readonly line: number;
}

/** A stored position; undefined if there is none, or another version of the extension wrote something else. */
export function readPosition(value: unknown): LastPosition | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { program, scenario, name, line } = value as Partial<LastPosition>;
  if (typeof program !== 'string' || program === '' || typeof name !== 'string') return undefined;
  if (typeof scenario !== 'string' && scenario !== null) return undefined;
  if (!Number.isSafeInteger(line) || (line as number) < 1) return undefined;
  return { program, scenario, name, line: line as number };
}

/** A launch that runs to a position, past the breakpoints at which the session stopped before. */
export function launchTo({ program, scenario, name, line }: LastPosition): LaunchConfiguration {
  return { ...launchConfiguration(program, scenario), name, stopAtLine: line, passBreakpoints: true };
}
