/**
 * Which locals of a frame a later step may still read. States that differ only in others are the same. What a step reads
 * is observed while it runs: a local that was left out by mistake is noticed when it is read, and the search begins anew
 * with what it has learnt.
 */
import type { Frame, Locals } from '../simulator';

/** Stands for a local that no later step reads. */
const DEAD = 'dead local';

/** What is known of a step. */
interface StepFacts {
  readonly reads: Set<string>;
  /** Locals that every observed execution replaced without reading them. */
  writes: ReadonlySet<string> | null;
  /** The steps of the same procedure that followed it. */
  readonly next: Set<number>;
}

/** A place in a procedure. */
type Place = Pick<Frame, 'procedure' | 'step'>;

export class LiveLocals {
  /** A step has read a local that was left out: what was found so far is void. */
  isWrong = false;
  /** The step that is running. */
  private running: { readonly facts: StepFacts; readonly written: Set<string> } | null = null;
  private readonly procedures = new Map<string, Map<number, StepFacts>>();
  private readonly live = new Map<string, readonly ReadonlySet<string>[]>();

  /** The locals of a frame, which tell what a step reads and writes. */
  observe(frame: Frame): Record<string, unknown> {
    const facts = this.factsOf(frame);
    const written = new Set<string>();
    const running = { facts, written };
    this.running = running;
    const locals = new Proxy<Record<string, unknown>>(
      { ...frame.locals },
      {
        get: (target, name: string) => {
          if (this.running === running) {
            if (!written.has(name)) facts.reads.add(name);
            if (target[name] === DEAD) this.isWrong = true;
          }
          return target[name];
        },
        set: (target, name: string, value) => {
          written.add(name);
          target[name] = value;
          return true;
        },
      },
    );
    return locals;
  }

  /**
   * The step whose locals were observed last is over.
   * @param next The step of its procedure that follows; null if it has returned.
   * @param into The local that receives the value of the procedure that it called.
   */
  learn(next: number | null, into: string | null = null): void {
    if (this.running === null) return;
    const { facts, written } = this.running;
    if (into !== null) written.add(into);
    const own = [...written].filter((name) => !facts.reads.has(name));
    facts.writes = new Set(facts.writes === null ? own : own.filter((name) => facts.writes?.has(name)));
    if (next !== null) facts.next.add(next);
    this.running = null;
  }

  /** Computes anew which locals are live. */
  solve(): void {
    this.isWrong = false;
    this.live.clear();
    for (const [procedure, steps] of this.procedures) this.live.set(procedure, liveIn(steps));
  }

  /** The locals of a frame without those that are dead. `into`: a local that its callee will replace. */
  without({ procedure, step, locals }: Frame, into: string | null): Locals {
    const live = this.live.get(procedure)?.[step];
    if (live === undefined) return { ...locals };
    const kept: Record<string, unknown> = {};
    for (const name in locals) kept[name] = live.has(name) && name !== into ? locals[name] : DEAD;
    return kept;
  }

  private factsOf({ procedure, step }: Place): StepFacts {
    let steps = this.procedures.get(procedure);
    if (steps === undefined) {
      steps = new Map();
      this.procedures.set(procedure, steps);
    }
    let facts = steps.get(step);
    if (facts === undefined) {
      facts = { reads: new Set(), writes: null, next: new Set() };
      steps.set(step, facts);
    }
    return facts;
  }
}

/** For each step, the locals that it or a later one reads before they are replaced. */
function liveIn(steps: ReadonlyMap<number, StepFacts>): readonly ReadonlySet<string>[] {
  const live: Set<string>[] = [];
  for (const [step, { reads }] of steps) live[step] = new Set(reads);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [step, { writes, next }] of steps) {
      const own = live[step] as Set<string>;
      for (const later of next) {
        for (const name of live[later] ?? []) {
          if (own.has(name) || writes?.has(name) === true) continue;
          own.add(name);
          changed = true;
        }
      }
    }
  }
  return live;
}
