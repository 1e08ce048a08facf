/**
 * What steps touch, and what the steps that a task may still run can touch. Nothing of it is declared: the search observes
 * each step that it runs. A step that conflicts with nothing that the other tasks may still do can run at once, without
 * a branch of the search (a persistent set of one step; Godefroid, Partial-Order Methods, 1996). If the search later meets
 * a conflict that it did not know of, it begins anew with what it has learnt.
 */
import { contentOf } from './interned';

/** A lock, by its content, and the mode in which it is held or taken. */
export interface LockedIn {
  readonly lock: string;
  readonly mode: 'read' | 'write';
}

export interface Footprint {
  /** Columns, without that of the locks. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /**
   * Columns of counts of references that it changes by one, without taking the first or dropping the last: it does not
   * depend on how many others there are.
   */
  readonly counts: readonly number[];
  /** It changes what decides whether a page that is gone is mapped: the order of such steps matters. */
  readonly visible: boolean;
  /** Locks held before the step. */
  readonly held: readonly LockedIn[];
  readonly takes: readonly LockedIn[];
  /** It can be blocked by locks that it does not hold afterwards: it waits for them, or takes and drops one. */
  readonly waits: boolean;
}

function excludes(a: LockedIn, b: LockedIn): boolean {
  return a.lock === b.lock && (a.mode === 'write' || b.mode === 'write');
}

function areExclusive(a: readonly LockedIn[], b: readonly LockedIn[]): boolean {
  return a.some((one) => b.some((other) => excludes(one, other)));
}

function touches({ reads, writes }: Footprint, column: number): boolean {
  return reads.includes(column) || writes.includes(column);
}

/** Whether the order of `step`, which can run now, and `later`, which another task may still run, matters. */
function conflict(step: Footprint, later: Footprint): boolean {
  // The other task cannot get there before this one has dropped the lock.
  if (areExclusive(step.held, [...later.held, ...later.takes])) return false;
  if (areExclusive(step.takes, later.takes)) return true;
  if ((step.waits && later.takes.length > 0) || (later.waits && step.takes.length > 0)) return true;
  if (step.visible && later.visible) return true;
  if (step.counts.some((column) => touches(later, column))) return true;
  if (later.counts.some((column) => touches(step, column))) return true;
  return (
    step.writes.some((column) => later.reads.includes(column) || later.writes.includes(column)) ||
    step.reads.some((column) => later.writes.includes(column))
  );
}

/** A place of a task: its call, and the step of each frame. */
interface PathFacts {
  readonly footprints: Set<number>;
  readonly next: Set<number>;
}

export class Footprints {
  private readonly all: Footprint[] = [];
  private readonly byContent = new Map<string, number>();
  private readonly conflicts = new Map<number, boolean>();
  private readonly paths: PathFacts[] = [];
  private readonly pathIds = new Map<string, number>();
  private futures = new Map<number, readonly number[]>();
  /** Decisions: for each step and path, whether the step conflicts with what may follow from there. */
  private decisions = new Map<number, boolean>();
  /** Counts what was learnt. */
  version = 0;
  private isGrown = false;

  id(footprint: Footprint): number {
    const content = contentOf({ ...footprint, reads: footprint.reads.toSorted((a, b) => a - b) });
    const known = this.byContent.get(content);
    if (known !== undefined) return known;
    this.byContent.set(content, this.all.length);
    return this.all.push(footprint) - 1;
  }

  path(text: string): number {
    const known = this.pathIds.get(text);
    if (known !== undefined) return known;
    this.pathIds.set(text, this.paths.length);
    return this.paths.push({ footprints: new Set(), next: new Set() }) - 1;
  }

  /** A step with that footprint leads from one path to another. */
  learn(from: number, footprint: number, to: number): void {
    const facts = this.paths[from] as PathFacts;
    if (facts.footprints.has(footprint) && facts.next.has(to)) return;
    facts.footprints.add(footprint);
    facts.next.add(to);
    this.isGrown = true;
    this.version++;
  }

  /** Whether a step commutes with everything that a task at a path may still do. */
  commutes(footprint: number, path: number): boolean {
    const key = footprint * 65536 + path;
    const known = this.decisions.get(key);
    if (known !== undefined) return known;
    const free = !this.futureOf(path).some((later) => this.doConflict(footprint, later));
    this.decisions.set(key, free);
    return free;
  }

  /** Whether what was learnt contradicts a decision since the last call; decisions are then made anew. */
  hasContradiction(): boolean {
    if (!this.isGrown) return false;
    this.isGrown = false;
    this.futures = new Map();
    const before = this.decisions;
    this.decisions = new Map();
    for (const [key, free] of before) {
      if (free && !this.commutes(Math.floor(key / 65536), key % 65536)) return true;
    }
    return false;
  }

  private doConflict(step: number, later: number): boolean {
    const key = step * 65536 + later;
    const known = this.conflicts.get(key);
    if (known !== undefined) return known;
    const found = conflict(this.all[step] as Footprint, this.all[later] as Footprint);
    this.conflicts.set(key, found);
    return found;
  }

  /** The footprints of the steps that a task at a path may still run. */
  private futureOf(path: number): readonly number[] {
    const known = this.futures.get(path);
    if (known !== undefined) return known;
    const seen = new Set([path]);
    const found = new Set<number>();
    for (const at of seen) {
      const { footprints, next } = this.paths[at] as PathFacts;
      for (const footprint of footprints) found.add(footprint);
      for (const later of next) seen.add(later);
    }
    const future = [...found];
    this.futures.set(path, future);
    return future;
  }
}
