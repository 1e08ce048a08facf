import { debug, FunctionBreakpoint } from 'vscode';
import { parseWatch } from '../../expressions';

/**
 * Breakpoints on watch targets. Extensions cannot create data breakpoints, so this sets a function breakpoint named
 * after the watch target; the debugger treats it as a data breakpoint.
 */

function watches(): readonly FunctionBreakpoint[] {
  return debug.breakpoints.filter(
    (one): one is FunctionBreakpoint =>
      one instanceof FunctionBreakpoint && parseWatch(one.functionName) !== null,
  );
}

/** Watch targets, as breakpoints spell them. */
export function watchedPlaces(): readonly string[] {
  return watches().map(({ functionName }) => functionName);
}

/** Sets the breakpoint, or removes it if it is set; returns a message that says which. */
export function toggleWatch(place: string, what: string | null): string {
  const name = what === null ? place : `${place} ${what}`;
  if (parseWatch(name) === null) return `${name} cannot be watched.`;
  const set = watches().filter(({ functionName }) => functionName === name);
  if (set.length > 0) {
    debug.removeBreakpoints(set);
    return `Breakpoint removed: ${name}.`;
  }
  debug.addBreakpoints([new FunctionBreakpoint(name)]);
  return `Breakpoint set: ${name}.`;
}
