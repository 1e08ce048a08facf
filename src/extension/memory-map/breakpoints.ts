import { debug, FunctionBreakpoint } from 'vscode';
import { parseWatch } from '../../expressions';

/**
 * Breakpoints on places. An extension cannot make data breakpoints; a function breakpoint that names a place is one
 * to the debugger.
 */

function watches(): readonly FunctionBreakpoint[] {
  return debug.breakpoints.filter(
    (one): one is FunctionBreakpoint =>
      one instanceof FunctionBreakpoint && parseWatch(one.functionName) !== null,
  );
}

/** The places as the breakpoints write them. */
export function watchedPlaces(): readonly string[] {
  return watches().map(({ functionName }) => functionName);
}

/** Sets the breakpoint, or takes it away where it is set; says which. */
export function toggleWatch(place: string, what: string | null): string {
  const name = what === null ? place : `${place} ${what}`;
  if (parseWatch(name) === null) return `${name} cannot be watched.`;
  const set = watches().filter(({ functionName }) => functionName === name);
  if (set.length > 0) {
    debug.removeBreakpoints(set);
    return `No breakpoint any more: ${name}.`;
  }
  debug.addBreakpoints([new FunctionBreakpoint(name)]);
  return `Breakpoint set: ${name}.`;
}
