/** Resolves breakpoints on statements, in listings and on procedures. */
import { type CompiledStatement, nearest } from '../../language';
import { elementAt, PROCEDURES, type Setup } from '../../simulator';
import { lineOfStep, listingText, PROCEDURE_NAMES, procedureOf, stepCount } from '../listings';
import { type DebuggedScenario, labelOf } from '../scenario';
import type { SourceLocation } from '../source-location';

/** A line and an optional column, from 1. */
export interface Wanted {
  readonly line: number;
  readonly column: number | null;
}

/** Where a breakpoint stops: before a statement, or before a step of a procedure. */
export type Target =
  | {
      readonly kind: 'statement';
      /** Its index in the order of the text. */
      readonly statement: number;
    }
  | { readonly kind: 'step'; readonly procedure: string; readonly step: number };

/** The target with its source location, or the reason why the breakpoint cannot be set. */
export type Located =
  | { readonly target: Target; readonly location: SourceLocation }
  | { readonly target: null; readonly problem: string };

export const nowhere = (problem: string): Located => ({ target: null, problem });

/** The first statement that starts on the line at or after the column, or on a later line. */
export function locateStatement(scenario: DebuggedScenario, { line, column }: Wanted): Located {
  const { told } = scenario;
  const locationOf = (compiled: CompiledStatement) => labelOf(scenario, compiled).location;
  const statement = told.findIndex((compiled) => {
    const location = locationOf(compiled);
    return location.line > line || (location.line === line && location.column >= (column ?? 1));
  });
  const compiled = told[statement];
  if (compiled === undefined) return nowhere('No statement starts on this line or below it.');
  return { target: { kind: 'statement', statement }, location: locationOf(compiled) };
}

/** The step on the line of a listing; the first step for a line of the header. */
export function locateStep(setup: Setup, reference: number, { line }: Wanted): Located {
  const procedure = procedureOf(reference);
  if (procedure === undefined) return nowhere(`There is no source with the reference ${reference}.`);
  const first = lineOfStep(setup, procedure, 0);
  const step = Math.max(0, line - first);
  if (step >= stepCount(setup, procedure)) return nowhere('There is no step on this line or below it.');
  return {
    target: { kind: 'step', procedure, step },
    location: stepLocation(setup, procedure, step),
  };
}

/** The first step of the procedure of that name. */
export function locateFunction(setup: Setup, name: string): Located {
  const procedure = procedureNamed(name.trim());
  if (procedure === undefined) {
    const near = nearest(name.trim(), PROCEDURE_NAMES);
    const hint = near === null ? '' : `: did you mean ${near}?`;
    return nowhere(`No procedure of the simulated kernel is called ${name}${hint || '.'}`);
  }
  const target = { kind: 'step', procedure, step: 0 } as const;
  return { target, location: stepLocation(setup, procedure, 0) };
}

/** System calls also match without the section: `fallocate` means `fallocate(2)`. */
function procedureNamed(name: string): string | undefined {
  if (PROCEDURES.has(name)) return name;
  return PROCEDURE_NAMES.find((procedure) => procedure.replace(/\(\d\)$/, '') === name);
}

/** The source location of a step: its whole line in the listing. */
export function stepLocation(setup: Setup, procedure: string, step: number): SourceLocation {
  const line = lineOfStep(setup, procedure, step);
  const text = elementAt(listingText(setup, procedure).lines, line - 1);
  return { line, column: 1, endLine: line, endColumn: text.length + 1 };
}
