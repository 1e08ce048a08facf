/** The breakpoints of all sources, indexed by where they stop. */
import { elementAt } from '../../simulator';
import { indexInTrunk } from '../branch';
import { framesOf, type Moment } from '../moment';
import type { DebuggedScenario } from '../scenario';
import type { Located, Target } from './locate';
import type { Rule } from './rule';

export type Breakpoint = Located & { readonly id: number; readonly rule: Rule };

function keyOf(target: Target): string {
  return target.kind === 'statement' ? String(target.statement) : `${target.procedure} ${target.step}`;
}

const NONE: readonly Breakpoint[] = [];

export class BreakpointSet {
  private readonly bySource = new Map<string, readonly Breakpoint[]>();
  private statements = new Map<string, readonly Breakpoint[]>();
  private steps = new Map<string, readonly Breakpoint[]>();

  /** @param nextId Returns an unused breakpoint id. */
  constructor(private readonly nextId: () => number) {}

  /** Replaces the breakpoints of a source. */
  replace(source: string, located: readonly (Located & { readonly rule: Rule })[]): readonly Breakpoint[] {
    const breakpoints = located.map((where) => ({ id: this.nextId(), ...where }));
    this.bySource.set(source, breakpoints);
    this.index();
    return breakpoints;
  }

  /** Resolves the breakpoints of a source again; they keep their ids and rules. */
  relocate(source: string, located: readonly Located[]): readonly Breakpoint[] {
    const known = this.bySource.get(source) ?? [];
    const breakpoints = located.map((where, at) => {
      const { id, rule } = elementAt(known, at);
      return { id, rule, ...where };
    });
    this.bySource.set(source, breakpoints);
    this.index();
    return breakpoints;
  }

  all(): readonly Breakpoint[] {
    return [...this.bySource.values()].flat();
  }

  /** The breakpoints at a moment. Typed statements have none. */
  at(scenario: DebuggedScenario, moment: Moment): readonly Breakpoint[] {
    if (moment.run === null) {
      if (this.statements.size === 0) return NONE;
      return this.statements.get(String(indexInTrunk(scenario, moment.statement))) ?? NONE;
    }
    if (this.steps.size === 0) return NONE;
    const frame = framesOf(moment).at(-1);
    return (frame && this.steps.get(`${frame.procedure} ${frame.step}`)) ?? NONE;
  }

  private index(): void {
    this.statements = new Map();
    this.steps = new Map();
    for (const breakpoint of this.all()) {
      const { target } = breakpoint;
      if (target === null) continue;
      const map = target.kind === 'statement' ? this.statements : this.steps;
      map.set(keyOf(target), [...(map.get(keyOf(target)) ?? []), breakpoint]);
    }
  }
}
