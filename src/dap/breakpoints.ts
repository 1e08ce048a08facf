/** Breakpoints on statements, in listings and on procedures, and where they end up. */
import type { Setup } from '../simulator/calls';
import { PROCEDURES } from '../simulator/procedures';
import { lineOfStep, listingText, procedureOf, stepCount } from './listings';
import { framesOf, type Moment } from './moment';
import type { Place } from './places';
import type { Scenario } from './scenario';

/** A line, and perhaps a column, from 1. */
export interface Wanted {
  readonly line: number;
  readonly column: number | null;
}

/** Where a breakpoint stops: before a statement, or before a step of a procedure. */
export type Target =
  | { readonly kind: 'statement'; readonly statement: number }
  | { readonly kind: 'step'; readonly procedure: string; readonly step: number };

/** The target with its place in its source, or why the breakpoint stops nowhere. */
export type Located =
  | { readonly target: Target; readonly place: Place }
  | { readonly target: null; readonly problem: string };

export type Breakpoint = Located & { readonly id: number };

export const nowhere = (problem: string): Located => ({ target: null, problem });

/** The first statement that starts on the line, at the column or behind it, or on a later line. */
export function locateStatement({ places }: Scenario, { line, column }: Wanted): Located {
  const statement = places.findIndex(
    (place) => place.line > line || (place.line === line && place.column >= (column ?? 1)),
  );
  const place = places[statement];
  if (place === undefined) return nowhere('No statement starts on this line or below it.');
  return { target: { kind: 'statement', statement }, place };
}

/** The step on the line of a listing, or the first one for a line of its header. */
export function locateStep(setup: Setup, reference: number, { line }: Wanted): Located {
  const procedure = procedureOf(reference);
  if (procedure === undefined) return nowhere(`There is no source with the reference ${reference}.`);
  const first = lineOfStep(setup, procedure, 0);
  const step = Math.max(0, line - first);
  if (step >= stepCount(setup, procedure)) return nowhere('No step stands on this line or below it.');
  return {
    target: { kind: 'step', procedure, step },
    place: stepPlace(setup, procedure, step),
  };
}

/** The first step of the procedure that is called so. */
export function locateFunction(setup: Setup, name: string): Located {
  if (!PROCEDURES.has(name)) return nowhere(`No procedure of the simulated kernel is called ${name}.`);
  const target = { kind: 'step', procedure: name, step: 0 } as const;
  return { target, place: stepPlace(setup, name, 0) };
}

/** The place of a step in its listing: the whole line. */
export function stepPlace(setup: Setup, procedure: string, step: number): Place {
  const line = lineOfStep(setup, procedure, step);
  const text = listingText(setup, procedure).lines[line - 1]!;
  return { line, column: 1, endLine: line, endColumn: text.length + 1 };
}

function keyOf(target: Target): string {
  return target.kind === 'statement' ? String(target.statement) : `${target.procedure} ${target.step}`;
}

const NONE: readonly number[] = [];

/** Breakpoints of all sources, found by the moment that they stop at. */
export class BreakpointSet {
  private readonly bySource = new Map<string, readonly Breakpoint[]>();
  private statements = new Map<string, readonly number[]>();
  private steps = new Map<string, readonly number[]>();
  private lastId = 0;

  /** Replaces the breakpoints of a source. */
  replace(source: string, located: readonly Located[]): readonly Breakpoint[] {
    const breakpoints = located.map((where) => ({ id: ++this.lastId, ...where }));
    this.bySource.set(source, breakpoints);
    this.index();
    return breakpoints;
  }

  /** Finds the places of a source's breakpoints anew; they keep their ids. */
  relocate(source: string, located: readonly Located[]): readonly Breakpoint[] {
    const known = this.bySource.get(source) ?? [];
    const breakpoints = located.map((where, at) => ({ id: known[at]!.id, ...where }));
    this.bySource.set(source, breakpoints);
    this.index();
    return breakpoints;
  }

  /** Ids of the breakpoints at a moment. */
  at(moment: Moment): readonly number[] {
    if (moment.run === null) return this.statements.get(String(moment.statement)) ?? NONE;
    if (this.steps.size === 0) return NONE;
    const frame = framesOf(moment).at(-1);
    return (frame && this.steps.get(`${frame.procedure} ${frame.step}`)) ?? NONE;
  }

  private index(): void {
    this.statements = new Map();
    this.steps = new Map();
    for (const { id, target } of [...this.bySource.values()].flat()) {
      if (target === null) continue;
      const map = target.kind === 'statement' ? this.statements : this.steps;
      map.set(keyOf(target), [...(map.get(keyOf(target)) ?? []), id]);
    }
  }
}
